/**
 * Whatever command is shown to a person can be typed as it stands: every one is read by the program's own parser, so that
 * none names a command, a flag or a value that there is not, or lacks what it needs.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Command } from 'commander';
import ts from 'typescript';
import { afterOverrun } from '../../src/cli/fleet/resume.ts';
import { completed } from '../../src/cli/typed-along.ts';
import { addTenantOptions, addUpgradeOptions } from '../../src/cli/options.ts';
import type { DecisionMessage } from '../../src/domain/tenant/decisions.ts';
import { aboutTenant, command, decisionCommand, refusal, WHY } from '../../src/domain/tenant/decisions.ts';
import { printedCommands } from '../../src/domain/text/printed-commands.ts';
import type { Decision, TenantProgress } from '../../src/domain/tenant/progress.ts';
import { everyHelp, whyNotTyped } from '../support/parse-command.ts';

const FILLED_IN = 'x';
const ROOT = fileURLToPath(new URL('../..', import.meta.url));

test.each([
  ['Type: threescale-upgrade dev; then look.', [['dev']]],
  [
    'a threescale-upgrade check -n x, or threescale-upgrade start -n x.',
    [
      ['check', '-n', 'x'],
      ['start', '-n', 'x'],
    ],
  ],
  [
    'threescale-upgrade fleet start -f fleet.yaml --why "change 4711"',
    [['fleet', 'start', '-f', 'fleet.yaml', '--why', 'change 4711']],
  ],
  [
    "(threescale-upgrade list -c 'it'\\''s; here' --state a,b)",
    [['list', '-c', "it's; here", '--state', 'a,b']],
  ],
  ['threescale-upgrade rbac -n x | oc apply -f -', [['rbac', '-n', 'x']]],
  ['secret/threescale-upgrade-backup-1 and /threescale-upgrade', []],
])('commands in: %s', (text, words) => {
  expect(printedCommands(text).map((found) => found.words)).toEqual(words);
});

/** The text of a literal, or of a template whose values are filled in, also where several are added up. */
function textOf(node: ts.Node): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isTemplateExpression(node))
    return node.head.text + node.templateSpans.map(({ literal }) => `${FILLED_IN}${literal.text}`).join('');
  if (ts.isParenthesizedExpression(node)) return textOf(node.expression);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [textOf(node.left), textOf(node.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function textsOf(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const texts: string[] = [];
  const visit = (node: ts.Node): void => {
    const text = textOf(node);
    if (text === undefined) ts.forEachChild(node, visit);
    else texts.push(text);
  };
  visit(source);
  return texts;
}

const sources = ['src', 'activities', 'workflows'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name)),
);

const tenant = { cluster: 'api.prod:6443', context: "prod's", namespace: '3scale' };

/** One of the words that a command is put together from; empty where the source does not say it. */
function wordOf(node: ts.Node): string {
  if (node.getText() === 'WHY') return WHY;
  return textOf(node) ?? (node.getText().startsWith('shellWord(') ? FILLED_IN : '');
}

/** Commands that are put together for one tenant or one fleet, as far as their words stand in the source. */
function putTogether(file: string): string[] {
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  const lines: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
      const begins = BEGINS[node.expression.text];
      const [, verb, ...more] = node.arguments;
      if (begins && verb && ts.isStringLiteral(verb))
        lines.push([...begins(verb.text), ...more.map(wordOf)].join(' '));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return lines;
}

const ofTenant = (verb: string): string[] => [`threescale-upgrade ${verb} -n 3scale`];
const BEGINS: Readonly<Record<string, (verb: string) => string[]>> = {
  command: ofTenant,
  commandLine: ofTenant,
  fleetCommand: (verb) => [`threescale-upgrade fleet ${verb} prod`],
};

/** Of a verb that stands in the text; help texts whose verb is filled in are read as they are shown, below. */
const isNamed = ([verb, second]: readonly string[]): boolean =>
  verb !== FILLED_IN && !(verb === 'fleet' && second === FILLED_IN);

const written = sources.flatMap((file) =>
  textsOf(join(ROOT, file)).flatMap((text) => {
    // What the worker fills in for its tenant.
    const filled = aboutTenant(text, tenant);
    return printedCommands(filled)
      .filter(({ words }) => isNamed(words))
      .map(({ words }) => [words.join(' '), words, file] as const);
  }),
);

/** Flags and states that are filled in are looked at with all of their values, below. */
const isWhole = (words: readonly string[]): boolean =>
  !words.includes(`--${FILLED_IN}`) && words[words.indexOf('--state') + 1] !== FILLED_IN;

const composed = sources.flatMap((file) =>
  putTogether(join(ROOT, file))
    .flatMap((line) => printedCommands(line))
    .filter(({ words }) => isWhole(words))
    .map(({ words }) => [words.join(' '), words] as const),
);

test('what a halted fleet needs can be typed, whichever budget it was and of which wave', async () => {
  const kinds = ['failed', 'blocked', 'unreachable'] as const;
  const lines = kinds.flatMap((kind) =>
    [undefined, 'eu'].flatMap((wave) =>
      Object.values(
        afterOverrun('prod', { kind, needs: 3, why: 'w', ...(wave === undefined ? {} : { wave }) }),
      ),
    ),
  );
  const words = lines.flatMap(printedCommands).map((found) => found.words);
  expect(words).toHaveLength(12);
  expect(await Promise.all(words.map(whyNotTyped))).toEqual(words.map(() => undefined));
});

test.each(composed)('put together: threescale-upgrade %s', async (_, words) => {
  expect(await whyNotTyped(words.filter((word) => word !== ''))).toBeUndefined();
});

test('there are commands in the sources', () => {
  expect(written.length).toBeGreaterThan(60);
});

test.each(written)('threescale-upgrade %s', async (_, words) => {
  expect(await whyNotTyped(words)).toBeUndefined();
});

test('every command of every help text', async () => {
  const shown = await everyHelp();
  const all = shown.flatMap(printedCommands).map(({ words }) => words);
  expect(all.length).toBeGreaterThan(50);
  const wrong = await Promise.all(all.map(whyNotTyped));
  expect(wrong.filter((why) => why !== undefined)).toEqual([]);
});

test.each(written)('names its tenant, or its file: threescale-upgrade %s', (_, words) => {
  const [verb = ''] = words;
  if (!['check', 'plan', 'start', 'retry', 'skip-step', 'revert', 'abandon'].includes(verb)) return;
  // The name of a plan file's format is no command.
  if (words.includes('--help') || words.join(' ') === 'plan') return;
  expect(words.join(' ')).toMatch(/ (-f|--file|-n|--namespace|--plan) /);
});

const progress = (over: Partial<TenantProgress>): TenantProgress => ({
  tenant,
  from: '2.3',
  to: '2.4',
  pathHash: '',
  state: 'held',
  startedAt: '2026-11-27T00:00:00.000Z',
  steps: [],
  findings: [],
  pastPointOfNoReturn: false,
  leftovers: [],
  journal: [],
  ...over,
});
const held = {
  stepId: 'roll-out-zync',
  since: '2026-11-27T00:00:00.000Z',
  during: 'upgrade',
  failure: { type: 'RolloutFailed', message: 'm' },
  decisions: ['retry', 'skip-step', 'revert', 'abandon'],
  pausedDeploymentConfigs: [],
} as unknown as NonNullable<TenantProgress['held']>;
const DECISIONS: readonly Decision[] = ['retry', 'skip-step', 'revert', 'abandon'];

/** Every refusal of a decision. */
function refusals(): string[] {
  const who: DecisionMessage = { by: 'b', why: 'w' };
  const stands = [
    progress({ held }),
    progress({ held, pastPointOfNoReturn: true }),
    progress({ held: { ...held, decisions: ['retry', 'abandon'] } }),
    progress({ state: 'upgraded' }),
    progress({ state: 'reverting' }),
    progress({ state: 'staging' }),
    progress({ state: 'staging', paused: { by: 'b', why: 'w', since: '2026-11-27T00:00:00.000Z' } }),
  ];
  const messages = [undefined, who, { ...who, step: 'other' }, { ...who, step: held.stepId }];
  return stands.flatMap((stand) =>
    DECISIONS.flatMap((decision) => messages.flatMap((message) => refusal(stand, decision, message) ?? [])),
  );
}

test('every line that decides can be typed, and every refusal names one', async () => {
  const lines = DECISIONS.flatMap((decision) =>
    [false, true].map((pastPointOfNoReturn) =>
      decisionCommand({ tenant, pastPointOfNoReturn }, held, decision),
    ),
  );
  const found = [...lines, ...refusals()].map((text) => printedCommands(text));
  expect(found.filter((commands) => commands.length === 0)).toEqual([]);
  const all = found.flat().map(({ words }) => words);
  expect(await Promise.all(all.map(whyNotTyped))).toEqual(all.map(() => undefined));
  // Whoever decides says why, and what it is about.
  const decides = all.filter(([verb = '']) => (DECISIONS as readonly string[]).includes(verb));
  expect(decides.filter((words) => !words.includes('--why'))).toEqual([]);
  expect(decides.filter((words) => words[0] === 'skip-step' && !words.includes('--step'))).toEqual([]);
});

/** A program of three commands, called with these words. */
async function calledWith(words: readonly string[]): Promise<{ program: Command; command: Command }> {
  const program = new Command('threescale-upgrade');
  addUpgradeOptions(program.command('start'));
  addTenantOptions(program.command('status'));
  program.command('worker').option('--kubeconfig <path>');
  const fleet = program.command('fleet');
  fleet.command('start').option('-f, --file <path>').option('--kubeconfig <path>');
  fleet.command('list [name]');
  let command = program;
  for (const each of [...program.commands, ...fleet.commands])
    each.action(() => {
      command = each;
    });
  await program.parseAsync([...words], { from: 'user' });
  return { program, command };
}

const STATUS = command(tenant, 'status');
const START = command(tenant, 'start');

test.each([
  [['status'], `see ${STATUS}; then`, `see ${STATUS}; then`],
  [['status', '--kubeconfig', 'my k'], `see ${STATUS}; then`, `see ${STATUS} --kubeconfig 'my k'; then`],
  [['status', '-f', 't.yaml'], `${STATUS}, or ${START}`, `${STATUS}, or ${START} --file t.yaml`],
  [
    ['start', '--image', 'zync=m/z', '--release-everywhere', '--window-opens', '0 22 * * 6'],
    START,
    `${START} --image zync=m/z --window-opens '0 22 * * 6' --release-everywhere`,
  ],
  [
    ['start', '--image', 'zync=m/z', '--image', 'system=m/s', '--leave', 'zync'],
    `${START} --image system=IMAGE --leave apicast-staging`,
    `${START} --image system=IMAGE --leave apicast-staging --image zync=m/z --leave zync`,
  ],
  [['start', '--kubeconfig', 'k'], `${START} --kubeconfig k`, `${START} --kubeconfig k`],
  [
    ['start', '-f', 't', '--kubeconfig=k'],
    'threescale-upgrade start -f t --kubeconfig=k',
    'threescale-upgrade start -f t --kubeconfig=k',
  ],
  [['start', '--kubeconfig', 'k'], 'threescale-upgrade worker', 'threescale-upgrade worker --kubeconfig k'],
  [
    ['fleet', 'start', '-f', 'my fleet.yaml', '--kubeconfig', 'k'],
    'threescale-upgrade fleet start -f FILE --why "…"; threescale-upgrade fleet list prod',
    'threescale-upgrade fleet start -f \'my fleet.yaml\' --why "…" --kubeconfig k; threescale-upgrade fleet list prod',
  ],
])('called with %j, what is printed goes on with it', async (words, text, shown) => {
  expect(completed(text, await calledWith(words))).toBe(shown);
});
