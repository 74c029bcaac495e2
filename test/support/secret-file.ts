import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file that nobody else can read. */
export function secretFile(folder: string, text: string): string {
  const path = join(folder, 'secret');
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}
