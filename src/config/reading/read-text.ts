import type { FileKind } from './bounded-file.ts';
import { readBounded, UnfitFile } from './bounded-file.ts';
import { ConfigError } from './config-error.ts';

const FLAGS: Readonly<Partial<Record<FileKind, string>>> = { plan: '--plan', 'fleet-plan': '--plan' };

/** The text of a file that a flag names. Throws ConfigError. */
export function readText(file: string, kind: FileKind, hint: string): string {
  try {
    return readBounded(file, kind);
  } catch (error) {
    if (error instanceof UnfitFile) throw new ConfigError(`${file} ${error.message}`, hint, file);
    throw new ConfigError(
      `${file} cannot be read: ${whyNotRead(error)}`,
      `Name a file that is there with ${FLAGS[kind] ?? '--file'}.`,
      file,
    );
  }
}

/** `ENOENT`. */
export function whyNotRead(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error
    ? String(error.code)
    : 'it cannot be opened';
}
