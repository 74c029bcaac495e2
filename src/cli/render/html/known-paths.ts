import { createHash } from 'node:crypto';
import { PATHS, resolvePath } from '../../../domain/paths/index.ts';
import type { ResolvedPath } from '../../../domain/tenant/step.ts';

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);

/** Every path of this release as it is where nothing is chosen: an upgrade along one of them bears its hash. */
export const documentedPaths = (): readonly ResolvedPath[] =>
  PATHS.map((path) => resolvePath(path, {}, shortHash));
