import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import type { Command } from 'commander';
import picocolors from 'picocolors';
import { FAILURE_TYPES, failureKind } from '../../src/domain/tenant/failure.ts';
import { createProgram } from '../../src/cli/program.ts';
import { openFleetFile } from '../../src/config/fleet/fleet-file.ts';
import { readTenantFile } from '../../src/config/tenant-file.ts';
import type { Resolution } from '../../src/domain/fleet/file/resolve-fleet.ts';
import { resolveFleet } from '../../src/domain/fleet/file/resolve-fleet.ts';
import { windowProblems } from '../../src/domain/windows/find-window.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const markdown = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(ROOT, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

test.each(markdown)('%s links to what is there', (path) => {
  const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, link]) => link ?? '');
  const missing = links.filter((link) => !existsSync(join(ROOT, dirname(path), link)));
  expect(missing).toEqual([]);
});

test('the README is read in one go: 150 lines at most', () => {
  expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(150);
});

const silent = {
  out: () => undefined,
  err: () => undefined,
  interactive: false,
  colors: picocolors.createColors(false),
};
const program = createProgram(silent, '0.0.0', () => undefined);

/** By its words, `fleet start`; undefined where there is none. */
function commandOf(words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((sub) => sub.name() === word),
    program,
  );
}

const flagsOf = (command: Command): string[] =>
  command.options.flatMap(({ long, short }) =>
    [long, short].filter((flag) => flag !== undefined && flag !== null),
  );

/** Every command line that the documents name, in code blocks and between backticks. */
function commandLines(text: string): { words: string[]; flags: string[]; line: string }[] {
  const lines = [...text.matchAll(/threescale-upgrade ((?:fleet |notify )?[a-z-]+)\b([^\n`|#;]*)/g)];
  const short = [...text.matchAll(/`(fleet [a-z-]+)\b([^\n`]*)`/g)];
  return [...lines, ...short].map(([line, name = '', rest = '']) => ({
    line,
    words: name.split(' '),
    flags: [...rest.matchAll(/(?<=\s)--?[a-z][a-z-]*/g)].map(([flag]) => flag),
  }));
}

test.each([...markdown, 'docs/adr/0008-new-releases-by-patched.md'])(
  '%s names commands and flags that there are',
  (path) => {
    const wrong = commandLines(read(path)).flatMap(({ words, flags, line }) => {
      const command = commandOf(words);
      if (!command) return [`no such command: ${line}`];
      const known = flagsOf(command);
      return flags.filter((flag) => !known.includes(flag)).map((flag) => `no ${flag}: ${line}`);
    });
    expect(wrong).toEqual([]);
  },
);

test('docs/cli.md names every command of a fleet with all of its flags', () => {
  const rows = new Map(
    [...read('docs/cli.md').matchAll(/^\| (?:`fleet ([a-z]+)`|(a message)) +\|(.*)\|$/gm)].map(
      ([, name, message, flags = '']) => [name ?? message, flags],
    ),
  );
  const ofMessage = rows.get('a message') ?? '';
  const missing = commandOf(['fleet'])?.commands.flatMap((command) => {
    const row = rows.get(command.name());
    if (row === undefined) return [command.name()];
    const told = row.includes('those of a message') ? row + ofMessage : row;
    return command.options
      .filter(({ long, hidden }) => !hidden && !told.includes(`\`${String(long)}\``))
      .map(({ long }) => `${command.name()} ${String(long)}`);
  });
  expect(missing).toEqual([]);
});

const examples = readdirSync(join(ROOT, 'examples'));
const isFleet = (name: string): boolean => name.startsWith('fleet-');

const isTenant = (name: string): boolean => name.endsWith('.yaml') && !isFleet(name);

test.each(examples.filter(isTenant))('examples/%s is accepted', (name) => {
  const { windows = [], freezes = [] } = readTenantFile(join(ROOT, 'examples', name));
  const policy = { windows, freezes: freezes.map(({ from, to, zone }) => ({ from, to, zone })) };
  expect(windowProblems(policy, Date.parse('2026-11-24'))).toEqual([]);
});

function resolved(file: string): Resolution {
  const nowMs = Date.parse('2026-11-24');
  const { data } = openFleetFile(file, nowMs);
  return resolveFleet(data, {
    // As where none of the contexts is at hand but for those whose cluster has no server in the file.
    identify: (context) =>
      data.clusters[context]?.server === undefined
        ? { identity: `${context}.example.com` }
        : { why: `the kubeconfig has no context ${context}` },
    hash: (text) => text,
    nowMs,
  });
}

test.each(examples.filter(isFleet))('examples/%s is a fleet without a warning', (name) => {
  expect(resolved(join(ROOT, 'examples', name))).toMatchObject({ status: 'resolved', warnings: [] });
});

test('the fleet of the README is one', () => {
  const [, text = ''] = /```yaml\n(.*?)```/s.exec(read('README.md')) ?? [];
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-readme-'));
  try {
    writeFileSync(join(folder, 'fleet.yaml'), text);
    copyFileSync(join(ROOT, 'examples', 'freezes.ics'), join(folder, 'freezes.ics'));
    expect(resolved(join(folder, 'fleet.yaml'))).toMatchObject({ status: 'resolved', warnings: [] });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const runbook = read('docs/runbook.md');
/** As GitHub makes them of headings. */
const anchors = [...runbook.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\w -]/g, '')
    .replaceAll(' ', '-'),
);

test.each(FAILURE_TYPES)('the runbook says what to do where it is %s, in the section that it has', (type) => {
  expect(runbook).toContain(`\`${type}\``);
  expect(anchors).toContain(failureKind(type).anchor);
});
