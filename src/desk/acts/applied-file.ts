import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { CliError } from '../../cli/cli-error.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { ConfigError } from '../../config/reading/config-error.ts';

const NAME = 'fleet.yaml';

/** The text of a fleet file as a file, for as long as `work` takes. Errors name it by its name. Throws CliError. */
export async function asFile<T>(text: string, work: (path: string) => Promise<T>): Promise<T> {
  refuseCalendars(text);
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-desk-'));
  const path = join(folder, NAME);
  try {
    writeFileSync(path, text, { mode: 0o600 });
    return await work(path);
  } catch (error) {
    throw named(error, `${folder}/`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whoever sends a text must not read this machine's files by it. */
function refuseCalendars(text: string): void {
  if (!namesCalendar(parsed(text))) return;
  throw new CliError('a file that names calendars is not taken from a page: they are files beside it', {
    hint: 'Apply it with: threescale-upgrade fleet apply -f FILE; or write its freezes as dates.',
  });
}

/** What does not parse is told by whoever reads it, with its line. */
function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100, logLevel: 'silent' });
  } catch {
    return undefined;
  }
}

function namesCalendar(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(namesCalendar);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, part]) => key === 'calendar' || namesCalendar(part));
}

function named(error: unknown, folder: string): unknown {
  if (!(error instanceof ConfigError) && !(error instanceof CliError)) return error;
  const short = (text: string): string => text.replaceAll(folder, '');
  return new CliError(short(error.message), {
    ...(error.hint === undefined ? {} : { hint: short(error.hint) }),
    exitCode: error instanceof CliError ? error.exitCode : EXIT.usage,
  });
}
