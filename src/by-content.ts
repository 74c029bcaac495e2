import type { Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../', import.meta.url));

/**
 * The key of what is made of these files and folders of the checkout, and of what the hash has already: where one has been
 * edited, what was made before is not found. `isInput`: which files of a folder count, by their names.
 */
export function keyByContent(
  hash: Hash,
  inputs: readonly string[],
  isInput: (name: string) => boolean = () => true,
): string {
  for (const file of inputs.flatMap((input) => filesIn(input, isInput)))
    hash.update(`\n${file}\n`).update(readFileSync(join(ROOT, file)));
  return hash.digest('hex').slice(0, 32);
}

function filesIn(input: string, isInput: (name: string) => boolean): string[] {
  const path = join(ROOT, input);
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [input];
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' });
  return (
    names
      .filter(isInput)
      .map((name) => join(input, name))
      // An editor's lock is a link that leads nowhere.
      .filter((name) => statSync(join(ROOT, name), { throwIfNoEntry: false })?.isFile())
      .sort()
  );
}

/** Removes from a folder all but the newest so many. */
export function removeOldest(folder: string, kept: number): void {
  const age = (name: string): number => statSync(join(folder, name), { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const newestFirst = readdirSync(folder).sort((one, other) => age(other) - age(one));
  for (const name of newestFirst.slice(kept)) rmSync(join(folder, name), { recursive: true, force: true });
}
