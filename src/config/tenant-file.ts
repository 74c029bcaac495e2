import { z } from 'zod';
import { isImageReference } from '../domain/image-reference.ts';
import { readYaml } from './read-yaml.ts';

const image = z.string().refine(isImageReference, {
  error: 'is no image reference, as in mirror.example.com/3scale-amp24/system',
});
const minutes = z.number().int().positive();

/** One tenant and how it is to be upgraded: what the flags of `start` say, and several windows. */
export const tenantFileSchema = z.strictObject({
  context: z.string().min(1).optional(),
  namespace: z.string().min(1).optional(),
  path: z.string().optional(),
  images: z
    .strictObject({
      system: image.optional(),
      apicast: image.optional(),
      backend: image.optional(),
      zync: image.optional(),
      memcached: image.optional(),
    })
    .optional(),
  impersonation: z.strictObject({ secret: z.string().min(1) }).optional(),
  releaseEverywhere: z.boolean().optional(),
  onFailure: z.enum(['revert', 'hold']).optional(),
  windows: z
    .array(z.strictObject({ opens: z.string(), durationMinutes: minutes, zone: z.string() }))
    .optional(),
  freezes: z
    .array(
      z.strictObject({
        from: z.string(),
        to: z.string(),
        zone: z.string(),
        name: z.string().optional(),
      }),
    )
    .optional(),
  estimate: z.strictObject({ switchMinutes: minutes, rollbackMinutes: minutes }).optional(),
});

export type TenantFile = z.output<typeof tenantFileSchema>;

/** Throws ConfigError. */
export function readTenantFile(file: string): TenantFile {
  return readYaml(file, tenantFileSchema);
}
