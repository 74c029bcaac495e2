import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { serverIdentity } from '../../src/domain/fleet/file/known-clusters.ts';
import { isClusterIdentity } from '../../src/domain/text/names.ts';
import fc from 'fast-check';
import type { PathOptions } from '../../src/domain/paths/upgrade-path.ts';
import { pathProblem, stepProblem } from '../../src/domain/paths/permitted-steps.ts';
import { COMPONENTS, IMAGE_NAMES, NEVER_LEFT, PATHS, STREAMS } from '../../src/domain/paths/index.ts';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';

const name = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?$/);
const image = fc
  .tuple(
    fc.constantFrom('', 'mirror.example.com/', 'localhost:5000/'),
    name,
    name,
    fc.constantFrom('', ':2.4'),
  )
  .map(([host, a, b, tag]) => `${host}${a}/${b}${tag}`);
const options: fc.Arbitrary<PathOptions> = fc.record(
  {
    images: fc.dictionary(fc.constantFrom(...IMAGE_NAMES), image),
    impersonation: fc.record({ fromSecret: name }),
    releaseEverywhere: fc.boolean(),
    components: fc.dictionary(
      fc.constantFrom(...COMPONENTS.filter((component) => !NEVER_LEFT.includes(component))),
      fc.constantFrom('follow', 'leave'),
    ),
    takeAlong: fc.dictionary(
      name,
      fc.constantFrom(...COMPONENTS.filter((component) => !NEVER_LEFT.includes(component))),
    ),
    replaceLatest: fc.subarray([...STREAMS]),
  },
  { requiredKeys: [] },
);

/** As a payload brings it. */
const sent = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

test('every step that a path yields with any options is permitted, whatever its words and the order of its fields', () => {
  fc.assert(
    fc.property(options, fc.constantFrom(...PATHS), fc.string(), (chosen, path, title) => {
      const steps = sent(path.steps(chosen)).map((step) => ({
        ...Object.fromEntries(Object.entries(step).reverse()),
        title,
      }));
      for (const step of steps) expect(stepProblem(path, step)).toBeUndefined();
      expect(pathProblem({ from: path.from, to: path.to, steps: [...steps].reverse() })).toBeUndefined();
    }),
  );
});

const PATH = { from: '2.3', to: '2.4' };
const STEPS = sent(PATHS[0]?.steps({ impersonation: { fromSecret: 'ours' }, releaseEverywhere: true }) ?? []);
const known = (id: string): Step => {
  const found = STEPS.find((step) => step.id === id);
  if (!found) throw new Error(`there is no step ${id}`);
  return found;
};

/** What one step may be given instead, so that it is another one. */
const FOREIGN: readonly unknown[] = ['evil', ['sh', '-c', 'id'], { name: 'evil' }, 7, true, null, [], ''];

test('a step with any field changed, added or left out is refused, but for its words', () => {
  for (const step of STEPS) {
    for (const field of Object.keys(step).filter(
      (key) => !['title', 'guide', 'image', 'fromSecret'].includes(key),
    )) {
      for (const value of FOREIGN) {
        const changed = { ...step, [field]: value };
        if (JSON.stringify(changed) !== JSON.stringify(step))
          expect(stepProblem(PATH, changed)).toMatch(/step/);
      }
      const { [field as keyof Step]: _gone, ...rest } = step;
      if (!['preHook', 'checks', 'runs', 'containers'].includes(field))
        expect(stepProblem(PATH, rest)).toMatch(/step/);
    }
    expect(stepProblem(PATH, { ...step, more: 'x' })).toMatch(/step/);
  }
});

test('what options fill in has to be of its kind', () => {
  const images = [
    'a b',
    'a;id',
    'a\nb',
    'registry/x\n',
    '$(id)',
    '../x',
    '',
    'a'.repeat(600),
    ['a'],
    { a: 1 },
    undefined,
  ];
  for (const value of images) {
    expect(stepProblem(PATH, { ...known('tag-amp-system'), image: value })).toContain('image');
    expect(stepProblem(PATH, { ...known('set-memcache-image'), image: value })).toContain('image');
  }
  for (const fromSecret of ['a/../b', 'A', 'a\n', '', 'x'.repeat(254), 7, undefined])
    expect(stepProblem(PATH, { ...known('create-impersonation-secret'), fromSecret })).toContain(
      'fromSecret',
    );
});

test('a field that a step of the same kind has elsewhere is no field of this one', () => {
  expect(stepProblem(PATH, { ...known('verify-staged'), image: 'mirror/x' })).toContain('image');
  expect(stepProblem(PATH, { ...known('roll-out-zync'), preHook: true })).toContain('preHook');
});

test('a path has all its steps, each once, and is one of ours', () => {
  expect(pathProblem({ ...PATH, steps: [] })).toContain('all the steps');
  expect(pathProblem({ ...PATH, steps: STEPS.slice(1) })).toContain('all the steps');
  expect(pathProblem({ ...PATH, steps: [...STEPS, STEPS[0]] })).toContain('all the steps');
  expect(pathProblem({ ...PATH, steps: 'x' })).toContain('no list');
  expect(pathProblem({ from: '2.3', to: '9', steps: STEPS })).toContain('no such upgrade path');
  expect(pathProblem({ ...PATH, steps: [null] })).toContain('no step');
});

test('an upgrade that an earlier release began goes on: the steps of every recorded history are permitted', () => {
  const folder = new URL('../replay/histories/', import.meta.url);
  let seen = 0;
  for (const file of readdirSync(folder)) {
    const text = readFileSync(new URL(file, folder), 'utf8');
    for (const [, data = ''] of text.matchAll(/"data": ?"([A-Za-z0-9+/=]+)"/g)) {
      const payload = readable(data);
      if (!payload?.path?.steps) continue;
      seen += 1;
      expect({ file, problem: pathProblem(payload.path) }).toEqual({ file, problem: undefined });
    }
  }
  expect(seen).toBeGreaterThan(5);
});

function readable(data: string): { path?: { from: string; to: string; steps?: unknown } } | undefined {
  try {
    return JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as never;
  } catch {
    return undefined;
  }
}

test('a cluster is a host, or a path of a host, and nothing that leads elsewhere', () => {
  for (const known of [
    'api.example.com:6443',
    'host',
    '[::1]:8443',
    'host/k8s/clusters/c-m-1',
    'h:1/A_b~c.d',
  ])
    expect([known, isClusterIdentity(known)]).toEqual([known, true]);
  for (const other of [
    '',
    'A',
    'h/',
    'h//a',
    'h/..',
    'h/a/../b',
    'h/.a',
    'h/a?b',
    'h/a#b',
    'h/a b',
    'h\n',
    'h/%2e',
  ])
    expect([other, isClusterIdentity(other)]).toEqual([other, false]);
  for (const server of ['h/k8s/clusters/c-1', 'https://h/k8s/clusters/c-1/'])
    expect(serverIdentity(server)).toBe('h/k8s/clusters/c-1');
  for (const server of ['http://h', 'https://u@h', 'h?x', 'h#x', ''])
    expect(serverIdentity(server)).toBeUndefined();
});

test('of what a choice adds, only that: an own DeploymentConfig by its name, and never system-app left', () => {
  const pausing = known('pause-rollouts');
  const withOne = (one: unknown): unknown =>
    pausing.kind === 'pause-rollouts' && {
      ...pausing,
      deploymentConfigs: [...pausing.deploymentConfigs, one],
    };
  const own = { name: 'second-gateway', optional: true, takenAlong: true };
  expect(stepProblem(PATH, withOne(own))).toBeUndefined();
  for (const wrong of [
    { ...own, name: '../x' },
    { ...own, name: 'system-app' },
    { ...own, more: 1 },
    { ...own, optional: false },
  ])
    expect(stepProblem(PATH, withOne(wrong))).toBe(
      'step pause-rollouts: deploymentConfigs is not as the path has it',
    );
  const tags = known('tag-amp-system');
  const left = tags.kind === 'tag-image-stream' && {
    ...tags,
    runs: tags.runs?.map((one) => ({ ...one, left: true })),
  };
  expect(stepProblem(PATH, left)).toBe('step tag-amp-system: runs is not as the path has it');
});
