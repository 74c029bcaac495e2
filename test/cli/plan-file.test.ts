/** `plan --out` writes what was planned; `start --plan` does exactly that, or says what has moved since. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import type { CliResult } from '../support/run-cli.ts';
import { runCli } from '../support/hosted-cli.ts';
import { secretValues } from '../support/secret-values.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    clusters: 2,
    timing: { rolloutMs: 100, hookMs: 50, importMs: 20, terminationMs: 10 },
  });
});
afterAll(() => lab.close());

const AGREED = ['--yes', '--why', 'change 4711'];

interface Planned {
  readonly namespace: string;
  readonly file: string;
  readonly flags: string[];
  readonly planned: CliResult;
  readonly hash: string;
  startByPlan(...more: string[]): Promise<CliResult>;
}

let count = 0;
async function planned(...choices: string[]): Promise<Planned> {
  const namespace = `planned-${(count += 1)}`;
  await lab.simulator.install('sim1', namespace);
  const file = join(lab.folder, `${namespace}.json`);
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', namespace];
  const made = await runCli(['plan', ...flags, ...choices, '--out', file]);
  const { hash } = JSON.parse(readFileSync(file, 'utf8')) as { hash: string };
  lab.cluster.audit.clear();
  return {
    namespace,
    file,
    flags,
    planned: made,
    hash,
    startByPlan: (...more) =>
      runCli(['start', '--kubeconfig', lab.kubeconfig, '--plan', file, ...AGREED, ...more]),
  };
}

/** Nothing was written, and no upgrade was started. */
async function expectUntouched({ namespace, flags }: Planned): Promise<void> {
  expect(lab.cluster.audit.writes({ namespace })).toEqual([]);
  expect((await runCli(['status', ...flags])).stderr).toContain('there is no upgrade of');
}

test('a plan is written for its owner only, whole, without a secret, and with the same hash each time', async () => {
  const { file, flags, hash, namespace, planned: made } = await planned();
  expect([made.exitCode, made.stderr]).toEqual([2, expect.stringContaining(hash.slice(0, 12))]);
  expect(made.stderr).toContain(
    `threescale-upgrade start --context sim1 --namespace ${namespace} --plan ${file} --kubeconfig ${lab.kubeconfig} --why "…"`,
  );
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const text = readFileSync(file, 'utf8');
  for (const value of secretValues(lab.cluster, namespace)) expect(text).not.toContain(value);
  const again = await runCli(['plan', ...flags, '--out', file, '-o', 'json']);
  expect((JSON.parse(again.stdout) as { hash: string }).hash).toBe(hash);
});

test('a start does what was planned, from the plan alone, and the same start attaches to it', async () => {
  const made = await planned('--release-everywhere', '--on-failure', 'hold');
  const begun = await made.startByPlan('--no-watch', '-o', 'json');
  expect([begun.exitCode, JSON.parse(begun.stdout)]).toMatchObject([0, { started: true }]);
  const { namespace, flags } = made;
  const other = join(lab.folder, 'other.json');
  await runCli(['plan', ...flags, '--out', other]);
  const refused = await runCli(['start', ...flags, '--plan', other, ...AGREED]);
  expect([refused.exitCode, refused.stderr]).toEqual([7, expect.stringContaining('was not started by plan')]);
  const ended = await made.startByPlan('-o', 'json');
  expect(ended.stderr).toContain('attaching to it');
  expect([ended.exitCode, (JSON.parse(ended.stdout) as TenantProgress).state]).toEqual([0, 'upgraded']);
  const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
  const sidekiq = await api.get('deploymentconfigs', 'system-sidekiq');
  expect(JSON.stringify(sidekiq?.spec.template)).toContain('2.4.0');
  lab.cluster.audit.clear();
  const late = await made.startByPlan();
  expect([late.exitCode, late.stderr]).toEqual([
    0,
    expect.stringMatching(/is upgraded already, as planned at .*nothing was changed/),
  ]);
  const told = await made.startByPlan('-o', 'json');
  expect([told.exitCode, JSON.parse(told.stdout)]).toMatchObject([0, { state: 'upgraded', started: false }]);
  expect((await made.startByPlan('--dry-run')).exitCode).toBe(0);
  expect(lab.cluster.audit.writes({ namespace })).toEqual([]);
  expect((await runCli(['report', ...flags, '--list'])).stdout.trim().split('\n')).toHaveLength(2);
  // Whoever has taken something back since has moved it.
  const older = {
    op: 'replace',
    path: '/spec/template/spec/containers/0/image',
    value: 'memcached:1.4',
  } as const;
  await patchObject(lab, namespace, 'deploymentconfigs', 'system-memcache', [older]);
  const moved = await made.startByPlan();
  expect([moved.exitCode, moved.stderr]).toEqual([7, expect.stringContaining('is not as it was planned')]);
}, 240_000);

test.each([
  [
    'a field of an object that it rolls',
    'deploymentconfigs',
    'system-app',
    { op: 'add', path: '/spec/template/spec/containers/0/resources', value: { limits: { memory: '2Gi' } } },
    'dc/system-app spec.template.spec.containers[system-master].resources',
  ],
  [
    'what a step would replace',
    'deploymentconfigs',
    'system-memcache',
    {
      op: 'replace',
      path: '/spec/template/spec/containers/0/image',
      value: 'registry.access.redhat.com/3scale-amp20/memcached:1.4',
    },
    'step set-memcache-image: dc/system-memcache spec.template.spec.containers[memcache].image: planned',
  ],
  [
    'what stands against it',
    'deploymentconfigs',
    'zync',
    { op: 'add', path: '/spec/paused', value: true },
    'what is listed above stands against it now',
  ],
] as const)('a start refuses where %s has moved, says so, and changes nothing', async (...row) => {
  const [, resource, name, operation, said] = row;
  const made = await planned();
  await patchObject(lab, made.namespace, resource, name, [operation]);
  await lab.cluster.settle();
  lab.cluster.audit.clear();
  const refused = await made.startByPlan();
  expect([refused.exitCode, refused.stdout]).toEqual([7, '']);
  expect(refused.stderr).toContain(said);
  expect(refused.stderr).toContain(`dc/${name}`);
  await expectUntouched(made);
});

test('replicas that an autoscaler moves are nothing that has moved', async () => {
  const made = await planned();
  const more = { op: 'replace', path: '/spec/replicas', value: 2 } as const;
  await patchObject(lab, made.namespace, 'deploymentconfigs', 'apicast-production', [more]);
  const dry = await made.startByPlan('--dry-run');
  expect([dry.exitCode, dry.stdout]).toEqual([2, expect.stringContaining('What will happen')]);
});

test('flags may say the same once more, and nothing else', async () => {
  const made = await planned('--release-everywhere');
  const same = await made.startByPlan(...made.flags, '--release-everywhere', '--dry-run');
  expect(same.exitCode).toBe(2);
  const other = await made.startByPlan('--on-failure', 'hold', '--dry-run');
  expect(other.exitCode).toBe(7);
  expect(other.stderr).toContain('onFailure: planned "revert", typed "hold"');
  expect(other.stderr).toContain('options.releaseEverywhere: planned true, typed false');
  await expectUntouched(made);
});

test('a plan is for its own tenant, and as it was written', async () => {
  const made = await planned();
  for (const [flag, value] of [
    ['--context', 'sim2'],
    ['--namespace', 'planned-1'],
  ] as const) {
    const { exitCode, stderr } = await made.startByPlan(flag, value);
    expect([exitCode, stderr]).toEqual([
      64,
      expect.stringContaining(`${made.file} is a plan of sim1/${made.namespace}`),
    ]);
  }
  const text = readFileSync(made.file, 'utf8');
  writeFileSync(made.file, text.replace('"onFailure": "revert"', '"onFailure": "hold"'));
  const edited = await made.startByPlan();
  expect([edited.exitCode, edited.stderr]).toEqual([
    64,
    expect.stringContaining(`${made.file}:4 the plan was edited since it was written`),
  ]);
  await expectUntouched(made);
});

test('what cannot be carried out is no plan: no file is written', async () => {
  const namespace = 'no-plan';
  await lab.simulator.install('sim1', namespace);
  const paused = { op: 'add', path: '/spec/paused', value: true } as const;
  await patchObject(lab, namespace, 'deploymentconfigs', 'zync', [paused]);
  const file = join(lab.folder, 'none.json');
  const at = ['--kubeconfig', lab.kubeconfig, '-c', 'sim1', '-n', namespace];
  const blocked = await runCli(['plan', ...at, '--out', file]);
  expect([blocked.exitCode, blocked.stderr]).toEqual([3, expect.stringContaining('No plan was written')]);
  expect(existsSync(file)).toBe(false);
  const nowhere = await runCli(['plan', ...made(at), '--out', join(lab.folder, 'none', 'plan.json')]);
  expect([nowhere.exitCode, nowhere.stderr]).toEqual([
    64,
    expect.stringContaining('cannot be written: ENOENT'),
  ]);
});

/** Of a tenant that can be upgraded. */
const made = (at: readonly string[]): string[] => [...at.slice(0, -1), 'planned-1'];

test('values of section 1.3 are typed again: no file has them', async () => {
  const values = ['--impersonation-username', 'olga-the-third', '--impersonation-domain', 'secret.example'];
  const plan = await planned(...values);
  expect(readFileSync(plan.file, 'utf8')).not.toMatch(/olga-the-third|secret\.example/);
  const without = await plan.startByPlan('--dry-run');
  expect([without.exitCode, without.stderr]).toEqual([64, expect.stringContaining('Type them once more')]);
  expect((await plan.startByPlan(...values, '--dry-run')).exitCode).toBe(2);
});
