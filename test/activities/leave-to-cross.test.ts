/** What crosses the point of no return is sent while there is leave for it, looked at as the first byte is about to be sent. */
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Attempt } from '../../activities/boundary.ts';
import { claimOf, makeClaim } from '../../src/procedure/claim/claim.ts';
import { Leases } from '../../src/procedure/claim/fence.ts';
import { PAUSED_BY } from '../../src/procedure/claim/marks.ts';
import { rollOut } from '../../src/procedure/steps/roll-out.ts';
import { openWork } from '../../activities/work.ts';
import type { Step, StepOf } from '../../src/domain/tenant/step-kinds.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { pathFor } from '../support/upgrade-input.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters({});
});
afterAll(() => lab.close());
afterEach(() => {
  jest.restoreAllMocks();
});

const BACKUP = 'threescale-upgrade-backup-of-this-one';
const isCrossing = (step: Step): step is StepOf<'roll-out'> =>
  step.kind === 'roll-out' && step.pointOfNoReturn === true;

async function cross(
  namespace: string,
  crossBefore: number,
  {
    stillCurrent = () => Promise.resolve(),
    ...clock
  }: Partial<Pick<Attempt, 'stillCurrent' | 'temporalNow'>> = {},
) {
  await lab.simulator.install('sim1', namespace);
  const tenant = lab.clusters.tenant('sim1', namespace);
  const api = lab.clusters.open(tenant);
  const mark = workflowIdOf(tenant);
  await api.patch('deploymentconfigs', 'system-app', [
    { op: 'add', path: '/spec/paused', value: true },
    { op: 'add', path: '/metadata/annotations', value: { [PAUSED_BY]: mark } },
  ]);
  await makeClaim(api, { anchor: 'system-app', backup: BACKUP, run: 'this-run' }, 'forward');
  const signal = new AbortController().signal;
  const { work } = openWork({
    api,
    attempt: { signal, number: 1, runId: 'this-run', stillCurrent, ...clock },
    path: { from: '2.3', to: '2.4' },
    backup: BACKUP,
    purpose: 'forward',
    mark,
    leases: new Leases(),
    crossBefore,
  });
  const step = pathFor().steps.find(isCrossing);
  if (!step) throw new Error('the path crosses nothing');
  const outcome = await rollOut.apply(work, step).catch((error: unknown) => error);
  const app = await api.get('deploymentconfigs', 'system-app');
  return { outcome, phase: app && claimOf(app)?.phase, isPaused: app?.spec.paused === true };
}

const HELD_BACK = { outcome: { type: 'TooLate' }, phase: 'forward', isPaused: true };

test('with leave it crosses, and says so', async () => {
  const crossed = await cross('with-leave', Date.now() + 600_000);
  expect(crossed).toMatchObject({ outcome: { status: 'done' }, phase: 'crossed', isPaused: false });
});

test('when leave has ended, nothing is sent', async () => {
  expect(await cross('ended', Date.now() - 1)).toMatchObject(HELD_BACK);
});

test('when leave ends while Temporal does not answer, nothing is sent', async () => {
  const soon = Date.now() + 1_500;
  const late = () => new Promise<void>((resolve) => setTimeout(resolve, soon + 50 - Date.now()));
  expect(await cross('ends', soon, { stillCurrent: late })).toMatchObject(HELD_BACK);
});

const DAY_MS = 86_400_000;
const CROSSED = { outcome: { status: 'done' }, phase: 'crossed', isPaused: false };

test.each([
  ['behind, when leave has ended', { off: -2 * DAY_MS, left: -3_600_000, expected: HELD_BACK }],
  ['behind, with leave', { off: -2 * DAY_MS, left: 600_000, expected: CROSSED }],
  ['ahead, when leave has ended', { off: 2 * DAY_MS, left: -1, expected: HELD_BACK }],
  ['ahead, with leave', { off: 2 * DAY_MS, left: 600_000, expected: CROSSED }],
])(
  'a worker’s clock that is two days %s, is no guide: Temporal’s is',
  async (name, { off, left, expected }) => {
    const real = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => real() + off);
    const temporalNow = (): Promise<number> => Promise.resolve(real());
    const namespace = name.replaceAll(/[, ]+/g, '-');
    expect(await cross(namespace, real() + left, { temporalNow })).toMatchObject(expected);
  },
);
