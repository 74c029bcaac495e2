import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { MAIN } from '../support/run-cli.ts';

const PAGE = readFileSync(fileURLToPath(new URL('../../docs/rehearsal.md', import.meta.url)), 'utf8');
/** Each block of commands, and what the page says that it prints. */
const blocks = [...PAGE.matchAll(/```sh\n(.*?)```\n\n```text\n(.*?)```/gs)].map(
  ([, commands = '', says = '']) => ({ commands, says: says.trimEnd().split('\n') }),
);

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-rehearsal-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A line of the page as a pattern: `…` is anything. */
const pattern = (line: string): RegExp =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*')}$`,
  );

/** The lines of the page that are not among what was printed, in this order. */
function missing(printed: readonly string[], says: readonly string[]): string[] {
  let at = 0;
  return says.filter((line) => {
    const found = printed.findIndex((text, index) => index >= at && pattern(line).test(text));
    if (found >= 0) at = found + 1;
    return found < 0;
  });
}

/** Where the script is told that a block begins, so that each is compared with its own output. */
const mark = (index: number): string => `== block ${index} ==`;

/** A folder with the command, as an installed package has it. */
function commandFolder(): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const command = join(bin, 'threescale-upgrade');
  writeFileSync(command, `#!/bin/sh\nexec '${process.execPath}' '${MAIN}' "$@"\n`);
  chmodSync(command, 0o755);
  return bin;
}

test('every block of commands of docs/rehearsal.md says what it prints', () => {
  const commands = [...PAGE.matchAll(/```sh\n/g)];
  expect(commands.length).toBeGreaterThan(5);
  expect(blocks).toHaveLength(commands.length);
});

test('docs/rehearsal.md, pasted into a shell, prints what it says', async () => {
  const script = blocks.map(({ commands }, index) => `echo '${mark(index)}'\n${commands}`).join('\n');
  const work = join(folder, 'work');
  mkdirSync(work);
  const { stdout } = await execa('bash', {
    cwd: work,
    // Whatever fails half-way: nothing is left running.
    input: `trap 'kill $(jobs -p) 2>/dev/null; threescale-upgrade dev --stop >/dev/null 2>&1' EXIT\n${script}`,
    env: {
      PATH: `${commandFolder()}${delimiter}${process.env.PATH ?? ''}`,
      NODE_OPTIONS: '',
      NO_COLOR: '1',
    },
    reject: false,
    timeout: 1_140_000,
  });
  const printed = stdout.split(/^== block \d+ ==\n?/m).slice(1);
  expect(printed).toHaveLength(blocks.length);
  const otherwise = blocks.flatMap(({ says, commands }, index) => {
    const lines = printed[index]?.split('\n') ?? [];
    const lacking = missing(lines, says);
    return lacking.length > 0
      ? [[commands, 'prints nothing like', ...lacking, 'but', ...lines].join('\n')]
      : [];
  });
  expect(otherwise.join('\n\n')).toBe('');
}, 1_200_000);
