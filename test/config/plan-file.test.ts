import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ConfigError } from '../../src/config/reading/config-error.ts';
import { readPlanFile, writePlanFile } from '../../src/config/plan-file.ts';
import type { PlanContent } from '../../src/domain/tenant/written-plan.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-plans-'));
  file = join(folder, 'shop.plan.json');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const MADE = { at: '2026-11-27T04:00:00.000Z', by: 'olga@here', release: '0.1.0' };
const PLAN: PlanContent = {
  tenant: { cluster: 'api.example.com:6443', context: 'prod', namespace: 'shop' },
  choices: {
    path: '2.3-2.4',
    options: { images: { zync: 'mirror.example.com/zync' }, releaseEverywhere: false },
    windows: { windows: [], freezes: [] },
    onFailure: 'revert',
    logs: true,
  },
  pathHash: '0123456789ab',
  installation: 'from',
  version: '2.3.0',
  findings: [],
  steps: [
    {
      id: 'set-image',
      title: 'Set the image',
      guide: '6',
      status: 'todo',
      changes: [{ object: 'dc/zync', path: 'spec.image', before: 'a', after: 'b' }],
    },
  ],
  objects: { 'dc/zync': { uid: '17', fields: { spec: { image: 'c0ffee' } } } },
};

let hash: string;
let text: string;
beforeEach(() => {
  hash = writePlanFile(file, MADE, PLAN);
  text = readFileSync(file, 'utf8');
});

test('a plan is read as it was written', () => {
  expect(readPlanFile(file)).toEqual({ hash, made: MADE, plan: PLAN });
});

test('the hash is of what was planned, not of when or in which order of fields', () => {
  const { objects, ...rest } = PLAN;
  expect(writePlanFile(file, { ...MADE, by: 'otto@there' }, { objects, ...rest })).toBe(hash);
  expect(writePlanFile(file, MADE, { ...PLAN, version: '2.3.1' })).not.toBe(hash);
});

test('it is readable for nobody else, also where an open file stood there, and leaves nothing beside it', () => {
  chmodSync(file, 0o644);
  writePlanFile(file, MADE, PLAN);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readdirSync(folder)).toEqual(['shop.plan.json']);
});

test('where it cannot be written, what stood there stays', () => {
  const said = saidOf(() => writePlanFile(folder, MADE, PLAN));
  expect(said).toContain('cannot be written: ');
  expect(readFileSync(file, 'utf8')).toBe(text);
});

function saidOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return `${error.message}\n${error.hint}`;
    throw error;
  }
  throw new Error('it did not fail');
}

test.each<[string, () => string, string]>([
  ['nothing', () => '', ':1 is no plan: it is not JSON'],
  ['another text', () => 'name: prod\n', ':1 is no plan: it is not JSON'],
  ['a part of one', () => text.slice(0, text.indexOf('"made"')), ':5 is no plan: it is not JSON'],
  ['a comma too many', () => text.replace('"pathHash"', ', "pathHash"'), ':31 is no plan: it is not JSON'],
  ['JSON of something else', () => '{"name": "prod"}', ' is no plan that `plan --out` has written'],
  ['a list', () => '[]', ' is no plan that `plan --out` has written'],
  [
    'a later format',
    () => text.replace('"formatVersion": 1', '"formatVersion": 2'),
    ':3 is a plan of format 2, and this release reads format 1',
  ],
  ['an edited choice', () => text.replace('"revert"', '"hold"'), ':4 the plan was edited'],
  ['an edited step', () => text.replace('"after": "b"', '"after": "evil"'), ':4 the plan was edited'],
  ['an edited hash', () => text.replace(/"hash": "../, '"hash": "zz'), ':4 the plan was edited'],
  ['no plan in it', () => text.replace('"plan":', '"other":'), ':4 the plan was edited'],
  ['more than it has', () => text.replace('"made"', '"more": 1,\n"made"'), ':5: more: Unrecognized key'],
])('%s is refused in one clear error', (_, written, said) => {
  const bad = written();
  expect(bad).not.toBe(text);
  writeFileSync(file, bad);
  expect(saidOf(() => readPlanFile(file))).toContain(`${file}${said}`);
});

test('what its hash vouches for has to be right all the same', () => {
  const wrong = { ...PLAN, choices: { ...PLAN.choices, options: { images: { zync: 'no image !' } } } };
  writePlanFile(file, MADE, wrong);
  expect(saidOf(() => readPlanFile(file))).toContain(
    'plan.choices.options.images.zync: is no image reference',
  );
});

test('one that is not there, and one that is too large', () => {
  expect(saidOf(() => readPlanFile(join(folder, 'none.json')))).toMatch(/cannot be read: ENOENT[^]*--plan/);
  writeFileSync(file, ' '.repeat(5 * 1024 * 1024));
  expect(saidOf(() => readPlanFile(file))).toContain('is larger than the 4 MiB that a plan may be');
});

test('what is no ordinary file (a pipe, a device, a folder) stays as it is: the plan does not take its place', () => {
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  for (const place of [pipe, folder]) {
    expect(saidOf(() => writePlanFile(place, MADE, PLAN))).toContain(
      `${place} cannot be written: it is no ordinary file`,
    );
  }
  expect(lstatSync(pipe).isFIFO()).toBe(true);
});

test('a link stays one: the plan is written to where it leads', () => {
  const link = join(folder, 'newest.plan.json');
  symlinkSync(file, link);
  expect(writePlanFile(link, { ...MADE, by: 'otto@there' }, PLAN)).toBe(hash);
  expect(lstatSync(link).isSymbolicLink()).toBe(true);
  expect(readPlanFile(file).made.by).toBe('otto@there');
});
