import { z } from 'zod';
import { components, replaceLatest, takeAlong } from './choices-schema.ts';
import { images } from './images-schema.ts';
import { projectName, secretName } from './names-schema.ts';
import { readYaml } from './read-yaml.ts';
import { versionText } from './version-schema.ts';

const minutes = z.number().int().positive();

/** One tenant and how it is to be upgraded: what the flags of `start` say, and several windows. */
export const tenantFileSchema = z.strictObject({
  context: z.string().min(1).optional(),
  namespace: projectName.optional(),
  path: z.string().optional(),
  images: images.optional(),
  impersonation: z.strictObject({ secret: secretName }).optional(),
  releaseEverywhere: z.boolean().optional(),
  assumeVersion: versionText.optional(),
  components: components.optional(),
  takeAlong: takeAlong.optional(),
  replaceLatest: replaceLatest.optional(),
  onFailure: z.enum(['revert', 'hold']).optional(),
  logs: z.boolean().optional(),
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
  return readYaml(file, tenantFileSchema, { kind: 'tenant' });
}
