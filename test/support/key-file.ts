import { randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A line of a key file, with a key of its own. */
export const keyLine = (id: string): string => `${id}: ${randomBytes(32).toString('base64')}`;

/** Writes a file that only its owner reads; anew, where its path is given. */
export function writeKeyFile(lines: readonly string[], path = join(newFolder(), 'keys')): string {
  writeFileSync(path, `${lines.join('\n')}\n`, { mode: 0o600 });
  chmodSync(path, 0o600);
  return path;
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'threescale-upgrade-keys-'));
