/** Completing a word: by the shells themselves where they are installed, and quick, silent and harmless whatever is typed. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import picocolors from 'picocolors';
import { complete } from '../../src/cli/completion/complete.ts';
import { completionScript, SHELLS } from '../../src/cli/completion/scripts.ts';
import { treeOf } from '../../src/cli/completion/tree.ts';
import { createProgram } from '../../src/cli/program.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const LAUNCHER = join(ROOT, 'bin/threescale-upgrade.js');

const silent = {
  out: () => undefined,
  err: () => undefined,
  interactive: false,
  colors: picocolors.createColors(false),
};
const tree = treeOf(createProgram(silent, '0.0.0', () => undefined));

let folder: string;
let env: Record<string, string>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-completion-'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync(LAUNCHER, join(folder, 'bin', 'threescale-upgrade'));
  writeFileSync(
    join(folder, 'kubeconfig.yaml'),
    'contexts:\n' +
      '- {name: "default/api-prod:6443/admin", context: {cluster: c, namespace: 3scale}}\n' +
      '- {name: prod-eu, context: {cluster: c, namespace: shop}}\n' +
      '- {name: "prod us", context: {cluster: c}}\n',
  );
  writeFileSync(
    join(folder, 'fleet.yaml'),
    'name: prod\ntenants:\n- {name: shop-1, context: eu, namespace: a}\n- {cluster: eu, namespace: shop-2}\nwaves:\n- {name: canary}\n- {name: rest}\n',
  );
  for (const shell of SHELLS) writeFileSync(join(folder, shell), completionScript(shell, tree));
  env = {
    PATH: `${join(folder, 'bin')}:${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`,
    HOME: folder,
    KUBECONFIG: join(folder, 'kubeconfig.yaml'),
    THREESCALE_UPGRADE_HOME: join(folder, 'state'),
    TEMPORAL_CONFIG_FILE: join(folder, 'none.toml'),
    NODE_OPTIONS: '',
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const NAMES = {
  context: ['prod-eu', 'test'],
  namespace: ['3scale'],
  fleet: ['prod', 'next'],
  tenant: ['shop-1', 'web-1'],
  wave: ['canary'],
  file: [],
};

describe('the last word', () => {
  test.each<[string, string[] | 'file']>([
    ['ch', ['check']],
    ['fleet st', ['start', 'status']],
    ['check --on', ['--on-failure']],
    ['check --on-failure ', ['hold', 'revert']],
    ['check -o ', ['json', 'junit', 'text']],
    ['check --output=j', ['--output=json', '--output=junit']],
    ['status --output=j', ['--output=json']],
    ['check -c ', ['prod-eu', 'test']],
    ['check --context=pr', ['--context=prod-eu']],
    ['check -c prod-eu -n ', ['3scale']],
    ['check -f ', 'file'],
    ['worker --kubeconfig ', 'file'],
    ['fleet status ', ['next', 'prod']],
    ['fleet retry prod --tenant ', ['shop-1', 'web-1']],
    ['fleet retry prod --tenant shop-1 w', ['web-1']],
    ['fleet retry prod --tenant shop-1 --ne', ['--new-plan']],
    ['fleet approve prod -w ', ['canary']],
    ['fleet revert prod --confirm n', ['next']],
    ['fleet list prod --state he', ['held']],
    ['completion ', ['bash', 'fish', 'zsh']],
    ['start --why ', []],
    ['nothing of that ', []],
    ['fleet status prod x y z --', ['--help', '--output', '--wait']],
  ])('of “%s”', async (line, found) => {
    const completed = await complete(tree, line.split(' '), (kind) => Promise.resolve(NAMES[kind]));
    expect(completed).toEqual(found);
  });

  test('names depend on what was typed before them', async () => {
    const asked: unknown[] = [];
    const words = ['fleet', 'retry', 'prod', '--kubeconfig', 'k', '--wave=x', '--tenant', 'a', ''];
    await complete(tree, words, (kind, typed) => {
      asked.push([kind, typed]);
      return Promise.resolve([]);
    });
    expect(asked).toEqual([['tenant', { kubeconfig: 'k', fleet: 'prod' }]]);
  });
});

test('every flag that takes a name, a file or one of a few words is completed', () => {
  const known = ['--context', '--namespace', '--tenant', '--wave', '--file', '--kubeconfig', '--output'];
  const flags = [tree, ...tree.commands, ...tree.commands.flatMap(({ commands }) => commands)].flatMap(
    ({ flags: own }) => own.filter(({ names }) => known.includes(names.at(-1) ?? '')),
  );
  expect(flags.length).toBeGreaterThan(40);
  expect(flags.filter(({ kind, choices }) => kind === undefined && choices === undefined)).toEqual([]);
});

const asked = (...words: string[]): Promise<{ stdout: string; stderr: string; exitCode?: number }> =>
  execa(join(folder, 'bin', 'threescale-upgrade'), ['__complete', ...words], { env, reject: false });

test.each([
  [['check', '-c', 'p'], 'prod us\nprod-eu'],
  [['check', '-c', 'prod-eu', '-n', ''], 'shop'],
  [['check', '-c', 'default/api-prod:'], 'default/api-prod:6443/admin'],
  [['fleet', 'plan', '-f', 'FOLDER/fleet.yaml', '--tenant', ''], 'eu/shop-2\nshop-1'],
  [['check', '--kubeconfig', 'FOLDER/none.yaml', '-c', ''], ''],
  [['fleet', 'status', 'x'], ''],
])('the command itself answers %j', async (words, said) => {
  const real = words.map((word) => word.replace('FOLDER', folder));
  const { stdout, stderr, exitCode } = await asked(JSON.stringify(tree), ...real);
  expect([stdout, stderr, exitCode]).toEqual([said, '', 0]);
  // Nothing was begun to find names.
  expect(existsSync(join(folder, 'state'))).toBe(false);
});

test.each([[[]], [['no tree', 'x']], [['{}', '']], [['[]', 'a', 'b']]])(
  'what makes no sense is answered with nothing: %j',
  async (words) => {
    const { stdout, stderr, exitCode } = await asked(...words);
    expect([stdout, stderr, exitCode]).toEqual(['', '', 0]);
  },
);

test('a Temporal that does not answer is not waited for', async () => {
  const { stdout, stderr, exitCode } = await execa(
    join(folder, 'bin', 'threescale-upgrade'),
    ['__complete', JSON.stringify(tree), 'fleet', 'status', ''],
    { env: { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' }, reject: false },
  );
  expect([stdout, stderr, exitCode]).toEqual(['', '', 0]);
});

const isThere = (shell: string): boolean => spawnSync(shell, ['--version']).status === 0;

/** What each shell offers for a line, asked as its own completion asks. */
const ASKS: Readonly<Record<(typeof SHELLS)[number], (line: string) => readonly string[]>> = {
  bash: (line) => [
    '--norc',
    '-c',
    `source "${join(folder, 'bash')}"; compopt() { :; }; COMP_LINE=$0; COMP_POINT=\${#0}; __threescale_upgrade; printf '%s\\n' "\${COMPREPLY[@]}"`,
    line,
  ],
  zsh: (line) => [
    '-f',
    '-c',
    `compdef() { :; }; compadd() { shift; print -l -- "$@"; }; _files() { print -l -- *; }; source "${join(folder, 'zsh')}"; ` +
      'words=("${(@s: :)0}"); CURRENT=$#words; __threescale_upgrade',
    line,
  ],
  fish: (line) => ['--no-config', '-c', `source "${join(folder, 'fish')}"; complete -C "$argv[1]"`, line],
};

// Bash is everywhere; the others are asked where they are installed.
describe.each(SHELLS.filter(isThere))('%s', (shell) => {
  test('reads its script without a complaint', () => {
    const { status, stderr } = spawnSync(shell, ['-n', join(folder, shell)], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  test.each([
    ['threescale-upgrade ch', ['check']],
    ['threescale-upgrade fleet st', ['start', 'status']],
    ['threescale-upgrade check -c prod-', ['prod-eu']],
    ['threescale-upgrade check -o ', ['json', 'junit', 'text']],
    ['threescale-upgrade fleet status nobody', []],
  ])('%s', async (line, found) => {
    const { stdout } = await execa(shell, ASKS[shell](line), { env, cwd: folder });
    const offered = stdout.split('\n').map((one) => one.split('\t')[0]?.trim() ?? '');
    expect(offered.filter((one) => one !== '')).toEqual(found);
  });

  test('files are completed by the shell', async () => {
    const { stdout } = await execa(shell, ASKS[shell]('threescale-upgrade check -f fleet'), {
      env,
      cwd: folder,
    });
    expect(stdout).toContain('fleet.yaml');
  });
});

test('bash itself offers the rest of a name after a colon, and quotes what needs it', async () => {
  const offered = async (line: string): Promise<string> =>
    (await execa('bash', ASKS.bash(line), { env })).stdout;
  expect(await offered('threescale-upgrade check -c default/api-prod:64')).toBe('6443/admin');
  expect(await offered('threescale-upgrade check --context=prod')).toBe('prod\\ us\nprod-eu');
});
