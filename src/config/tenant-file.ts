import { z } from 'zod';
import { components, replaceLatest, takeAlong } from './choices-schema.ts';
import { images } from './images-schema.ts';
import { projectName, secretName } from './names-schema.ts';
import { notifyOf } from './notify-schema.ts';
import type { WindowPolicy } from '../domain/windows/policy.ts';
import { findPath, pathNames } from '../domain/paths/index.ts';
import { windowProblems } from '../domain/windows/find-window.ts';
import type { Problem } from './reading/despite-schema.ts';
import { spareSetting } from './reading/despite-schema.ts';
import { readYaml } from './reading/read-yaml.ts';
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
  notify: notifyOf.tenant.optional(),
});

export type TenantFile = z.output<typeof tenantFileSchema>;

/** Its windows are looked at as they stand at `nowMs`, unless others are used in their place. Throws ConfigError. */
export function readTenantFile(
  file: string,
  { nowMs = Date.now(), ownWindows = true }: { readonly nowMs?: number; readonly ownWindows?: boolean } = {},
): TenantFile {
  return readYaml(file, tenantFileSchema, {
    kind: 'tenant',
    meaning: (data) => [...pathProblems(data), ...policyProblems(policyOf(data), { nowMs, ownWindows })],
    // Every key may be missing.
    spare: (place) => spareSetting(place, 0),
  });
}

/** The windows and freezes of a file. */
export function policyOf({ windows = [], freezes = [], estimate }: TenantFile): WindowPolicy {
  return {
    windows,
    freezes: freezes.map(({ name, ...freeze }) => (name === undefined ? freeze : { ...freeze, name })),
    ...(estimate ? { estimate } : {}),
  };
}

function pathProblems({ path: name, assumeVersion }: TenantFile): Problem[] {
  const path = findPath(name);
  if (!path) {
    const message = `there is no upgrade path ${name ?? ''}; paths there are: ${pathNames().join(', ')}`;
    return [{ place: ['path'], message }];
  }
  if (assumeVersion === undefined || assumeVersion === path.from) return [];
  const message = `the path ${path.from}-${path.to} starts from ${path.from}, not from ${assumeVersion}`;
  return [{ place: ['assumeVersion'], message }];
}

const NO_ESTIMATE = { switchMinutes: 0, rollbackMinutes: 0 };

/** Each window and freeze for itself, and where all are sound, whether they ever leave room for an upgrade. */
function policyProblems(
  policy: WindowPolicy,
  { nowMs, ownWindows }: { readonly nowMs: number; readonly ownWindows: boolean },
): Problem[] {
  const { windows, freezes } = policy;
  const at = (place: readonly PropertyKey[], own: WindowPolicy): Problem[] =>
    windowProblems(own, nowMs).map((message) => ({ place, message }));
  const alone = [
    ...windows.flatMap((window, index) =>
      at(['windows', index], { windows: [window], freezes: [], estimate: NO_ESTIMATE }),
    ),
    ...freezes.flatMap((freeze, index) =>
      at(['freezes', index], { windows: [], freezes: [freeze], estimate: NO_ESTIMATE }),
    ),
  ];
  if (alone.length > 0 || !ownWindows) return alone;
  return at([windows.length > 0 ? 'windows' : 'freezes'], policy);
}
