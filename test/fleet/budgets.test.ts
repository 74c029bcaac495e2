import type { FailureBudget } from '../../src/domain/fleet/spec/spec.ts';
import {
  abortFleetSignal,
  resumeFleetSignal,
  retryTenantsUpdate,
  setLimitsUpdate,
} from '../../workflows/fleet/messages.ts';
import type { FakeTenant } from '../support/fake-tenant.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { blocks, heals, holds, reverts, slow, unreachable } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  // Fleets that are aborted here leave held and unreachable tenants, which end after them.
  lab = await FleetLab.open({ letsGo: true });
});

afterAll(() => lab.close());

const NAMES = ['a', 'b', 'c', 'd', 'e'];
const retries = { transientAttempts: 3, outcomeAttempts: 1, unreachableAttempts: 1 };

interface Budget {
  readonly name: string;
  readonly failureBudget: Partial<FailureBudget>;
  /** What befalls which tenants, in the fleet's order. */
  readonly trouble: Readonly<Record<string, (tenant: FakeTenant) => void>>;
  /** Never started, one at a time: where the budget is exceeded, those after it. */
  readonly pending: number;
  readonly why?: string;
}

const TABLE: readonly Budget[] = [
  {
    name: 'exactly what may fail',
    failureBudget: { failed: { count: 2 } },
    trouble: { a: reverts, c: reverts },
    pending: 0,
  },
  {
    name: 'one more than may fail',
    failureBudget: { failed: { count: 1 } },
    trouble: { a: reverts, c: reverts },
    pending: 2,
    why: 'the fleet: 2 of 5 failed, and 1 may be',
  },
  {
    name: 'none may, one does',
    failureBudget: { failed: { count: 0 } },
    trouble: { a: holds },
    pending: 4,
    why: 'the fleet: 1 of 5 failed, and 0 may be',
  },
  {
    name: 'a percentage, rounded down, used up exactly',
    failureBudget: { failed: { percent: 39 } },
    trouble: { a: reverts },
    pending: 0,
  },
  {
    name: 'a percentage, rounded down, exceeded',
    failureBudget: { failed: { percent: 39 } },
    trouble: { a: reverts, b: holds },
    pending: 3,
    why: 'the fleet: 2 of 5 failed, and 1 (39% of 5) may be',
  },
  {
    name: 'blocked tenants have their own',
    failureBudget: { failed: { count: 0 }, blocked: { count: 1 } },
    trouble: { a: blocks, b: blocks },
    pending: 3,
    why: 'the fleet: 2 of 5 blocked, and 1 may be',
  },
  {
    name: 'unreachable ones too',
    failureBudget: { failed: { count: 0 }, unreachable: { count: 0 } },
    trouble: { b: unreachable },
    pending: 3,
    why: 'the fleet: 1 of 5 unreachable, and 0 may be',
  },
];

test.each(TABLE)('$name', async ({ failureBudget, trouble, pending, why }) => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], maxConcurrent: 1, failureBudget, retries },
    {
      prepare: (tenant) => {
        for (const [name, befalls] of Object.entries(trouble)) befalls(tenant(name));
      },
    },
  );
  if (why === undefined) {
    const { progress } = await fleet.result();
    expect(progress.counts.pending).toBe(pending);
    expect(progress.journal.some(({ event }) => event === 'halted')).toBe(false);
    return;
  }
  const halted = await fleet.until(({ phase }) => phase === 'halted');
  expect(halted.halted?.why).toBe(why);
  await lab.sleep('3 days');
  expect((await fleet.progress()).counts.pending).toBe(pending);
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  expect((await fleet.result()).progress.counts.skipped).toBe(pending);
});

test('a wave has its own budget beside the fleet’s', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a'] }, { tenants: ['b', 'c'], failureBudget: { failed: { count: 0 } } }],
      maxConcurrent: 1,
      failureBudget: { failed: { count: 5 } },
      retries,
    },
    {
      prepare: (tenant) => {
        reverts(tenant('a'));
        reverts(tenant('b'));
      },
    },
  );
  const { halted } = await fleet.until(({ phase }) => phase === 'halted');
  expect(halted?.why).toBe('wave wave-2: 1 of 2 failed, and 0 may be');
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await fleet.result();
});

test('what is in flight when a budget is exceeded ends as it should, and nothing new starts', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], maxConcurrent: 3, failureBudget: { failed: { count: 0 } }, retries },
    {
      prepare: (tenant) => {
        reverts(tenant('a'));
        slow(tenant('b'), 20);
        slow(tenant('c'), 40);
      },
    },
  );
  await fleet.until(({ phase }) => phase === 'halted');
  await fleet.until(({ counts }) => counts.running === 0, '1 minute');
  const states = await fleet.states();
  expect(states).toMatchObject({ a: 'reverted', b: 'upgraded', c: 'upgraded' });
  expect(Object.values(states).filter((state) => state === 'pending').length).toBeGreaterThanOrEqual(1);
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await fleet.result();
});

test('a strict budget is never exceeded, however many might start at once and fail', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], failureBudget: { failed: { count: 2 }, strict: true }, retries },
    {
      prepare: (tenant) => {
        for (const name of NAMES) {
          slow(tenant(name), 10);
          reverts(tenant(name));
        }
      },
    },
  );
  const first = await fleet.until(({ counts }) => counts.running > 0, '1s');
  expect(first.counts.running).toBe(2);
  const halted = await fleet.until(({ phase }) => phase === 'halted', '1 minute');
  expect(halted.counts).toMatchObject({ reverted: 2, pending: 3 });
  expect(halted.halted?.why).toBe('the strict failure budget leaves no room for another tenant');
  await fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await fleet.result();
});

test('halted, a budget is raised and it goes on; retry takes only those that failed, also while it halts', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: NAMES }], maxConcurrent: 1, failureBudget: { failed: { count: 0 } }, retries },
    {
      prepare: (tenant) => {
        reverts(tenant('a'));
        blocks(tenant('d'));
      },
    },
  );
  await fleet.until(({ phase }) => phase === 'halted');
  // Resumed without a change, it halts again.
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  expect((await fleet.progress()).phase).toBe('halted');
  await fleet.handle.executeUpdate(setLimitsUpdate, {
    args: [{ ...OPERATOR, failureBudget: { failed: { count: 1 } } }],
  });
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  const { progress, tenants } = await fleet.result();
  expect(progress.counts).toMatchObject({ reverted: 1, blocked: 1, upgraded: 3 });
  expect(progress.journal.filter(({ event }) => event === 'halted')).toHaveLength(2);
  expect(tenants.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1, 1]);
});

test('while it halts, a retry starts those that failed and nobody else', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a', 'b'] }], maxConcurrent: 1, failureBudget: { failed: { count: 0 } }, retries },
    { prepare: (tenant) => reverts(tenant('a')) },
  );
  await fleet.until(({ phase }) => phase === 'halted');
  heals(fleet.tenant('a'));
  const answer = await fleet.handle.executeUpdate(retryTenantsUpdate, { args: [{ ...OPERATOR, all: true }] });
  expect(answer.done).toHaveLength(1);
  await fleet.until(({ counts }) => counts.upgraded === 1);
  expect(await fleet.states()).toEqual({ a: 'upgraded', b: 'pending' });
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  const { tenants } = await fleet.result();
  expect(tenants.map(({ state, attempts }) => [state, attempts])).toEqual([
    ['upgraded', 2],
    ['upgraded', 1],
  ]);
});
