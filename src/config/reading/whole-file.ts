import { realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { whyNotRead } from './read-text.ts';

/** Writes what `--out`, or another flag, names as a whole or not at all, for its owner's eyes only. Throws ConfigError. */
export function writeWholeFile(file: string, text: string, flag = '--out'): void {
  try {
    writeWhole(placeOf(file, flag), text);
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(
      `${file} cannot be written: ${whyNotRead(error)}`,
      `Name a file with ${flag} in a folder that is there, may be written to, and has space left.`,
      file,
    );
  }
}

function writeWhole(place: string, text: string): void {
  const next = `${place}.${process.pid}.part`;
  try {
    writeFileSync(next, text, { mode: 0o600, flag: 'wx' });
    renameSync(next, place);
  } catch (error) {
    rmSync(next, { force: true });
    throw error;
  }
}

/**
 * Where a link leads. What is there and is no ordinary file (a device, a pipe, a folder) is refused: what is written would take
 * its place, and root's `--out /dev/null` would take the device from the whole machine.
 */
function placeOf(file: string, flag: string): string {
  const there = statSync(file, { throwIfNoEntry: false });
  if (!there) return file;
  if (!there.isFile())
    throw new ConfigError(
      `${file} cannot be written: it is no ordinary file`,
      `Name an ordinary file with ${flag}; it may be a new one.`,
      file,
    );
  return realpathSync(file);
}
