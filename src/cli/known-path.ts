import { findPath, pathNames } from '../domain/paths/index.ts';
import { CliError } from './cli-error.ts';

/** Of `--path`: what there is. */
export const PATH_HELP = `the upgrade path: ${pathNames()
  .map((name, index) => (index === 0 ? `${name} (default)` : name))
  .join(', ')}`;

/** The path that `--path` names; the first where it is not given. Throws CliError. */
export function knownPath(name: string | undefined): NonNullable<ReturnType<typeof findPath>> {
  const found = findPath(name);
  if (found) return found;
  throw new CliError(`there is no upgrade path ${name ?? ''}`, {
    hint: `Paths there are: ${pathNames().join(', ')}.`,
  });
}
