import fc from 'fast-check';
import type { Allowance, FailureBudget, FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { ALWAYS, fleetOf, SATURDAYS } from './fleet-rules.ts';
import type { FakeWindow, Order, Run, TenantPlan, WorldPlan } from './fleet-world-plan.ts';

const DAY_MINUTES = 1440;
const limit = fc.integer({ min: 1, max: 8 });

const allowances: fc.Arbitrary<Allowance> = fc.oneof(
  fc.record({ count: fc.integer({ min: 0, max: 12 }) }),
  fc.record({ percent: fc.integer({ min: 0, max: 10_000 }).map((hundredths) => hundredths / 100) }),
);

const budgets: fc.Arbitrary<FailureBudget> = fc.record(
  { failed: allowances, blocked: allowances, unreachable: allowances, strict: fc.boolean() },
  { requiredKeys: ['strict'] },
);

const runs = (finals: readonly [Run['final'], ...Run['final'][]]): fc.Arbitrary<Run> =>
  fc.record(
    {
      acts: fc.array(fc.constantFrom('park', 'hold', 'unreachable', 'ask'), { maxLength: 2 }),
      final: fc.constantFrom(...finals),
      minutes: fc.integer({ min: 1, max: 200 }),
      decision: fc.constantFrom('retry', 'revert', 'abandon'),
      isFast: fc.boolean(),
      measured: fc.record({
        stageMs: fc.integer({ min: 60_000, max: 3_000_000 }),
        switchMs: fc.integer({ min: 60_000, max: 3_000_000 }),
      }),
    },
    { requiredKeys: ['acts', 'final', 'minutes', 'decision', 'isFast'] },
  );

const lastRun = runs(['upgraded', 'upgraded', 'upgraded', 'reverted', 'blocked', 'aborted', 'gone']);
const tenantPlans: fc.Arbitrary<TenantPlan> = fc.record({
  runs: fc
    .tuple(fc.array(runs(['reverted', 'window', 'gone']), { maxLength: 2 }), lastRun)
    .map(([first, last]) => [...first, last]),
  refusals: fc.constantFrom(0, 0, 0, 1, 5),
  back: runs(['reverted', 'aborted', 'blocked', 'gone']),
});

const windows: fc.Arbitrary<FakeWindow> = fc.oneof(
  { weight: 2, arbitrary: fc.constant('always' as const) },
  {
    weight: 3,
    arbitrary: fc.record({
      everyMinutes: fc.integer({ min: 600, max: 4 * DAY_MINUTES }),
      openMinutes: fc.integer({ min: 60, max: 500 }),
      phaseMinutes: fc.integer({ min: 0, max: DAY_MINUTES }),
    }),
  },
  { weight: 1, arbitrary: fc.constant('never' as const) },
);

const orders: fc.Arbitrary<Order> = fc.oneof(
  fc.record({ kind: fc.constant('pause' as const), newOnly: fc.boolean() }),
  fc.record({ kind: fc.constant('resume' as const) }),
  fc.record({ kind: fc.constant('halt' as const) }),
  fc.record({ kind: fc.constant('approve' as const), wave: fc.nat(4) }),
  fc.record({ kind: fc.constant('retry' as const), choice: fc.nat(60) }),
  fc.record({ kind: fc.constant('skip' as const), choice: fc.nat(60) }),
  fc.record({ kind: fc.constant('take-back' as const), choice: fc.nat(60), all: fc.boolean() }),
  fc.record({
    kind: fc.constant('end' as const),
    ending: fc.constantFrom('finish' as const, 'revert' as const),
  }),
  fc.record({ kind: fc.constant('set' as const), maxConcurrent: limit, maxConcurrentPerCluster: limit }),
  fc.record({ kind: fc.constant('set-wave' as const), wave: fc.nat(4), maxConcurrent: limit }),
  fc.record({ kind: fc.constant('set-budget' as const), failureBudget: budgets }),
);

const waves = fc.array(
  fc.record(
    {
      tenants: fc.oneof(
        { weight: 1, arbitrary: fc.constant(0) },
        { weight: 5, arbitrary: fc.integer({ min: 1, max: 12 }) },
      ),
      soakMinutes: fc.constantFrom(0, 0, 60, DAY_MINUTES),
      approval: fc.constantFrom('none' as const, 'none' as const, 'required' as const),
      maxConcurrent: limit,
      failureBudget: budgets,
    },
    { requiredKeys: ['tenants'] },
  ),
  { minLength: 1, maxLength: 5 },
);

function specs(policies: readonly FakeWindow[]): fc.Arbitrary<FleetSpec> {
  return fc
    .record({
      waves: waves.filter((all) => all.some(({ tenants }) => tenants > 0)),
      clusters: fc.array(fc.record({ maxConcurrent: limit }, { requiredKeys: [] }), {
        minLength: 1,
        maxLength: 5,
      }),
      maxConcurrent: limit,
      maxConcurrentPerCluster: limit,
      failureBudget: budgets,
      autoRetries: fc.nat(2),
      turn: fc.nat(6),
    })
    .map(({ turn, ...shape }) =>
      fleetOf({
        ...shape,
        windows: policies.map((policy) => (policy === 'always' ? ALWAYS : SATURDAYS)),
        windowsOf: (index) => Math.floor((index * (turn + 1)) / 3) % policies.length,
      }),
    );
}

/** Fleets of 1 to 60 tenants, what befalls each of them, and what operators say meanwhile. */
export const worldPlans: fc.Arbitrary<WorldPlan> = fc
  .array(windows, { minLength: 1, maxLength: 3 })
  .chain((policies) => fc.tuple(fc.constant(policies), specs(policies)))
  .chain(([policies, spec]) =>
    fc.record({
      spec: fc.constant(spec),
      windows: fc.constant(policies),
      tenants: fc.array(tenantPlans, { minLength: spec.tenants.length, maxLength: spec.tenants.length }),
      orders: fc.array(fc.record({ atMinutes: fc.nat(3 * DAY_MINUTES), order: orders }), { maxLength: 8 }),
      delaySeconds: fc.constantFrom(1, 20),
    }),
  );
