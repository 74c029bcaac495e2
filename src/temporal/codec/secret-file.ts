import { readFileSync, statSync } from 'node:fs';
import { EncryptionError } from './encryption-error.ts';

const LARGEST_BYTES = 64 * 1024;
/** Write for the group, everything for others. A Secret that is mounted into a pod is read by its group. */
const TOO_OPEN = 0o027;

/** Text of a file that only its owner, and a group that may not write, can read. Throws EncryptionError. */
export function readSecretFile(path: string, what: string): string {
  let mode: number;
  let size: number;
  try {
    ({ mode, size } = statSync(path));
  } catch (error) {
    throw unreadable(path, what, error);
  }
  if ((mode & TOO_OPEN) !== 0) {
    const rights = (mode & 0o777).toString(8).padStart(4, '0');
    throw new EncryptionError(
      `${what} ${path} is open to others (${rights}): it is not used`,
      `Close it with: chmod 600 ${path}; and if others could read it, make a new one.`,
    );
  }
  if (size > LARGEST_BYTES) {
    throw new EncryptionError(`${what} ${path} is too large: ${size} bytes`, 'Name another file.');
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw unreadable(path, what, error);
  }
}

function unreadable(path: string, what: string, error: unknown): EncryptionError {
  const why = error instanceof Error ? error.message : String(error);
  return new EncryptionError(`${what} ${path} cannot be read: ${why}`, 'See that it is there, and yours.', {
    cause: error,
  });
}
