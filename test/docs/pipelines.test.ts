import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { parse, parseAllDocuments } from 'yaml';
import { whyNotTyped } from '../support/parse-command.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples', import.meta.url));
const read = (path: string): string => readFileSync(join(EXAMPLES, path), 'utf8');
const files = ['tekton', 'github-actions', 'ansible'].flatMap((folder) =>
  readdirSync(join(EXAMPLES, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => join(folder, name)),
);

test.each(files)('examples/%s is YAML, without a warning', (path) => {
  const documents = parseAllDocuments(read(path));
  if (!('length' in documents)) throw new Error('it is empty');
  expect(documents.length).toBeGreaterThan(0);
  expect(documents.flatMap(({ errors, warnings }) => [...errors, ...warnings])).toEqual([]);
});

/** What a pipeline fills in. */
const GIVEN = { CONTEXT: 'prod', PROJECT: '3scale-shop', WHY: 'change "4711" & more' };
const TENANT = ['--context', GIVEN.CONTEXT, '--namespace', GIVEN.PROJECT];

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-pipelines-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly exitCode: number | undefined;
  /** The words of each command that it has called. */
  readonly calls: readonly (readonly string[])[];
}

/** Runs a script of a pipeline with a command in our place, which notes what it is told and ends as `codes` has it. */
async function run(
  script: string,
  shell: readonly string[],
  codes: Record<string, number> = {},
): Promise<Ran> {
  const bin = join(folder, 'bin');
  const noted = join(folder, 'calls');
  mkdirSync(bin, { recursive: true });
  rmSync(noted, { force: true });
  const cases = Object.entries(codes).map(([name, code]) => `${name}) exit ${code} ;;`);
  writeFileSync(
    join(bin, 'threescale-upgrade'),
    `#!/bin/sh\nprintf '%s\\037' "$@" >> '${noted}'\necho >> '${noted}'\ncase "$1" in ${cases.join(' ')} esac\nexit 0\n`,
  );
  chmodSync(join(bin, 'threescale-upgrade'), 0o755);
  const [command = 'sh', ...flags] = shell;
  const { exitCode } = await execa(command, [...flags, '-c', script], {
    cwd: folder,
    reject: false,
    env: {
      ...GIVEN,
      REPORTS: folder,
      GITHUB_STEP_SUMMARY: join(folder, 'summary.md'),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
  });
  const lines = existsSync(noted) ? readFileSync(noted, 'utf8').trimEnd().split('\n') : [];
  return { exitCode, calls: lines.map((line) => line.split('\u001f').slice(0, -1)) };
}

interface TektonTask {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly params: readonly { readonly name: string }[];
    readonly workspaces: readonly { readonly name: string }[];
    readonly steps: readonly { readonly name: string; readonly script: string }[];
  };
}

interface TektonPipeline {
  readonly spec: Pick<TektonTask['spec'], 'params' | 'workspaces'> & {
    readonly tasks: readonly {
      readonly taskRef: { readonly name: string };
      readonly params: readonly { readonly name: string }[];
      readonly workspaces: readonly { readonly name: string; readonly workspace: string }[];
    }[];
  };
}

const tektonTasks = parseAllDocuments(read('tekton/tasks.yaml')).map(
  (document) => (document as { toJS(): unknown }).toJS() as TektonTask,
);

interface Workflow {
  readonly jobs: Record<
    string,
    { readonly steps: readonly { readonly name?: string; readonly run?: string }[] }
  >;
}
const workflow = parse(read('github-actions/upgrade.yaml')) as Workflow;

/** How GitHub runs a script, and how Tekton runs one that begins with `#!/bin/sh`. */
const GITHUB = ['bash', '-e'];
const TEKTON = ['sh'];

const scriptOf = (system: string, name: string): { script: string; shell: string[] } => {
  if (system === 'Tekton') {
    const [step] = tektonTasks.flatMap(({ spec }) => spec.steps).filter((one) => one.name === name);
    return { script: step?.script ?? '', shell: TEKTON };
  }
  const [step] = Object.values(workflow.jobs).flatMap(({ steps }) =>
    steps.filter((one) => one.name?.toLowerCase() === name),
  );
  return { script: step?.run ?? '', shell: GITHUB };
};

describe.each(['Tekton', 'GitHub Actions'])('%s', (system) => {
  test.each([0, 3])('the check ends as the tool does: %i', async (code) => {
    const { script, shell } = scriptOf(system, 'check');
    const { exitCode, calls } = await run(script, shell, { check: code });
    expect([exitCode, calls]).toEqual([code, [['check', ...TENANT, '--output', 'junit']]]);
    expect(await Promise.all(calls.map(whyNotTyped))).toEqual([undefined]);
  });

  test.each([0, 3, 4, 5, 6])(
    'an upgrade that ends with %i is reported, and ends the job so',
    async (code) => {
      const { script, shell } = scriptOf(system, 'upgrade');
      const { exitCode, calls } = await run(script, shell, { start: code });
      expect(exitCode).toBe(code);
      expect(calls).toEqual([
        ['start', ...TENANT, '--yes', '--why', GIVEN.WHY],
        ['report', ...TENANT, '--output', 'junit'],
        ['report', ...TENANT],
      ]);
      expect(await Promise.all(calls.map(whyNotTyped))).toEqual([undefined, undefined, undefined]);
    },
  );
});

test('the Tekton Pipeline gives its Tasks what they ask for', () => {
  const { spec } = parse(read('tekton/pipeline.yaml')) as TektonPipeline;
  const names = (all: readonly { readonly name: string }[]): string[] => all.map(({ name }) => name).sort();
  expect(spec.tasks).toHaveLength(tektonTasks.length);
  for (const { taskRef, params, workspaces } of spec.tasks) {
    const task = tektonTasks.find(({ metadata }) => metadata.name === taskRef.name);
    expect(names(params)).toEqual(names(task?.spec.params ?? []));
    expect(names(workspaces)).toEqual(names(task?.spec.workspaces ?? []));
    expect(names(spec.params)).toEqual(expect.arrayContaining(names(params)));
    expect(names(spec.workspaces)).toEqual(
      expect.arrayContaining(workspaces.map(({ workspace }) => workspace)),
    );
  }
});

test('nothing that is given to a pipeline is pasted into a script', () => {
  const scripts = [
    ...tektonTasks.flatMap(({ spec }) => spec.steps.map(({ script }) => script)),
    ...Object.values(workflow.jobs).flatMap(({ steps }) => steps.flatMap(({ run: script = [] }) => script)),
  ];
  expect(scripts.length).toBeGreaterThan(5);
  expect(scripts.filter((script) => /\$\(params|\$\{\{/.test(script))).toEqual([]);
});

describe('the Ansible role', () => {
  const role = 'ansible/roles/threescale_upgrade';
  interface Task {
    readonly name: string;
    readonly check_mode?: boolean;
    readonly when?: string;
    readonly 'ansible.builtin.command'?: { readonly argv: string };
  }
  const tasks = parse(read(`${role}/tasks/main.yaml`)) as Task[];
  const commands = tasks.filter((task) => task['ansible.builtin.command'] !== undefined);

  /** The words of a command line as its expression adds them up. */
  function wordsOf(argv: string): string[] {
    const lists: Record<string, string> = {
      threescale_upgrade_tenant: JSON.stringify(TENANT),
      threescale_upgrade_flags: '["--kubeconfig", "config"]',
    };
    const filled = argv
      .replace(/^\{\{|\}\}$/g, '')
      .replace('threescale_upgrade_command', '"threescale-upgrade"')
      .replace('threescale_upgrade_why', JSON.stringify(GIVEN.WHY))
      .replace(/threescale_upgrade_(tenant|flags)/g, (name) => lists[name] ?? name);
    return filled.split(/\s\+\s/).flatMap((list) => JSON.parse(list) as string[]);
  }

  test('types commands that there are', async () => {
    const typed = commands.map((task) => wordsOf(task['ansible.builtin.command']?.argv ?? ''));
    expect(typed.map(([command, name]) => [command, name])).toEqual(
      ['plan', 'start', 'report'].map((name) => ['threescale-upgrade', name]),
    );
    expect(await Promise.all(typed.map(([, ...words]) => whyNotTyped(words)))).toEqual(
      typed.map(() => undefined),
    );
  });

  test('changes nothing in check mode', () => {
    const inCheckMode = commands.filter(({ check_mode: checkMode }) => checkMode === false);
    expect(inCheckMode.map((task) => wordsOf(task['ansible.builtin.command']?.argv ?? '')[1])).toEqual([
      'plan',
    ]);
    const others = commands.filter((task) => !inCheckMode.includes(task));
    expect(others.filter(({ when = '' }) => !when.includes('not ansible_check_mode'))).toEqual([]);
  });

  test('names its variables where they can be set, and every meaning of an exit code', () => {
    const text = ['tasks', 'vars', 'defaults'].map((part) => read(`${role}/${part}/main.yaml`)).join('\n');
    const defined = new Set([
      ...Object.keys(parse(read(`${role}/defaults/main.yaml`)) as object),
      ...Object.keys(parse(read(`${role}/vars/main.yaml`)) as object),
      ...[...text.matchAll(/register: (\w+)/g)].map(([, name = '']) => name),
    ]);
    const used = [...new Set(text.match(/threescale_upgrade_\w+/g))];
    expect(used.filter((name) => !defined.has(name))).toEqual([]);
    const { threescale_upgrade_meaning: meaning } = parse(read(`${role}/vars/main.yaml`)) as Record<
      string,
      Record<string, string>
    >;
    expect(Object.keys(meaning ?? {})).toEqual(['3', '4', '5', '6', '7', '64']);
  });
});
