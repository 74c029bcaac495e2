import { assertNever } from '../../domain/text/assert-never.ts';
import type { Finding } from '../../domain/tenant/finding.ts';
import { anchorOf } from '../../domain/paths/index.ts';
import { someOf } from '../../domain/text/some-of.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { Judged, MinorVersion } from '../../domain/tenant/version.ts';
import { minorOf } from '../../domain/tenant/version.ts';
import type { InstalledVersion } from './version.ts';

/** What stands against a path from there: nothing is looked at besides where it is another path's business. */
export function versionFinding(
  path: ResolvedPath,
  judged: Judged | undefined,
  installed: InstalledVersion,
): Finding | undefined {
  const object = `dc/${anchorOf(path)}`;
  const assume = `Where you know that it is ${path.from}, say so: --assume-version ${path.from} (assumeVersion in a file).`;
  if (judged && isUntold(judged, installed) && path.assumedVersion !== path.from)
    return fatal(untold(judged, installed), assume, object);
  if (!judged) {
    if (path.assumedVersion === path.from) return undefined;
    const why = installed.unread.length > 0 ? ` (${someOf(installed.unread)})` : '';
    const message =
      `nothing names the version: neither AMP_RELEASE of ${object}${why}, nor tag latest of the image streams, nor the ` +
      `images that run (${installed.seen.join('; ') || 'none of them is there'})`;
    return fatal(message, assume, object);
  }
  const { standing, where } = judged;
  const version = versionShown(installed, judged);
  switch (standing) {
    case 'from':
    case 'to':
    case 'between':
      return undefined;
    case 'older': {
      const message = `the version is ${version}, and this path starts from ${path.from}`;
      return fatal(message, `Bring it to ${path.from} first; there is no other path.`, object);
    }
    case 'newer': {
      const message = `the version is ${version}, newer than the ${path.to} of this path, as say: ${someOf(where)}`;
      return fatal(message, 'There is nothing to do for it here; a fleet file leaves it out.', object);
    }
    default:
      return assertNever(standing);
  }
}

/** The release that system-app has cannot be read: it may be newer than all else says. */
export function isUntold(judged: Judged | undefined, { unread }: InstalledVersion): boolean {
  return unread.length > 0 && judged?.standing !== 'newer';
}

function untold(judged: Judged, { unread }: InstalledVersion): string {
  return `the version cannot be told: ${someOf(unread)}; what else names one says ${judged.version}: ${someOf(judged.where)}`;
}

export function contradiction({ version, where }: Judged, { from }: ResolvedPath): Finding {
  const message = `the version is ${version}, as say: ${someOf(where)}; and yet all of it is as in ${from}`;
  return fatal(message, `Put right what says so, where it is ${from}; then check again.`);
}

/** Installed from a template of that version: it says so where no upgrade writes it, and all that runs is of it. */
export function isBornAs(version: MinorVersion, { isReferred, runs }: InstalledVersion): boolean {
  return isReferred && runs.length > 0 && runs.every((one) => one === version);
}

/** As system-app names it where it is the newest that anything names: a 2.3 that was born as 2.2 may say 2.2.0. */
export function versionShown({ release }: InstalledVersion, judged: Judged | undefined): string | undefined {
  return judged && release !== undefined && minorOf(release) === judged.version ? release : judged?.version;
}

function fatal(message: string, hint: string, object?: string): Finding {
  const about = object === undefined ? {} : { object };
  return { check: 'version-is-2.3', severity: 'fatal', message, hint, ...about };
}
