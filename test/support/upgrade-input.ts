import { createHash } from 'node:crypto';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import { stepsFrom23To24 } from '../../src/domain/paths/2.3-to-2.4/steps.ts';
import { PATHS, resolvePath } from '../../src/domain/paths/index.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import type { Actor } from '../../src/domain/tenant/tenant.ts';

/** What upgrades of tests are given. It lies apart from the labs, so that who needs only this loads no Temporal. */
export const OPERATOR: Actor = { by: 'olga', why: 'a test says so' };

export const PATH: ResolvedPath = {
  from: '2.3',
  to: '2.4',
  steps: stepsFrom23To24({}),
  hash: '0123456789ab',
};

export const PATH_WITH_IMPERSONATION: ResolvedPath = {
  ...PATH,
  steps: stepsFrom23To24({ impersonation: { fromSecret: 'ours' } }),
};

export function pathFor(options: PathOptions = {}): ResolvedPath {
  const [path] = PATHS;
  if (!path) throw new Error('there is no path');
  return resolvePath(path, options, (text) => createHash('sha256').update(text).digest('hex').slice(0, 12));
}
