import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Document } from 'yaml';
import { isAlias, isScalar, parseDocument, visit } from 'yaml';
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
  if (!namesCalendar(parseDocument(text, { logLevel: 'silent' }))) return;
  throw new CliError('a file that names calendars is not taken from a page: they are files beside it', {
    hint: 'Apply it with: threescale-upgrade fleet apply -f FILE; or write its freezes as dates.',
  });
}

/** Looked for as it is written, before aliases are followed: no number of them, and no mistake elsewhere, hides it. */
function namesCalendar(document: Document): boolean {
  let isNamed = false;
  visit(document, {
    Pair: (_, { key }) => {
      const name = isAlias(key) ? key.resolve(document) : key;
      if (!isScalar(name) || String(name.value) !== 'calendar') return undefined;
      isNamed = true;
      return visit.BREAK;
    },
  });
  return isNamed;
}

function named(error: unknown, folder: string): unknown {
  if (!(error instanceof ConfigError) && !(error instanceof CliError)) return error;
  const short = (text: string): string => text.replaceAll(folder, '');
  return new CliError(short(error.message), {
    ...(error.hint === undefined ? {} : { hint: short(error.hint) }),
    exitCode: error instanceof CliError ? error.exitCode : EXIT.usage,
  });
}
