import type { Completion } from './complete.ts';
import { complete } from './complete.ts';
import { namesAtHand } from './names.ts';
import type { CommandNode } from './tree.ts';

/** Longer nobody waits for a key. */
const ANSWERS_WITHIN_MS = 2_000;

/**
 * Answers a shell: the tree that its script carries, then the words as they are typed, the last of which is completed.
 * Prints a candidate a line, or `:file`. Whatever goes wrong, it says nothing: a key that was pressed is no command.
 */
const [tree = '', ...words] = process.argv.slice(3);
process.stderr.write = () => true;
let found: Completion = [];
try {
  const late = new Promise<Completion>((resolve) => setTimeout(resolve, ANSWERS_WITHIN_MS, []));
  found = await Promise.race([complete(JSON.parse(tree) as CommandNode, words, namesAtHand), late]);
} catch {
  // Nothing is known.
}
const lines = found === 'file' ? [':file'] : found.filter((name) => !/[\p{Cc}]/u.test(name));
process.stdout.write(lines.map((line) => `${line}\n`).join(''), () => process.exit(0));
