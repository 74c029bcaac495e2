import { randomUUID } from 'node:crypto';
import {
  abortFleetSignal,
  approveWaveUpdate,
  fleetProgressQuery,
  pauseFleetSignal,
  resumeFleetSignal,
} from '../../workflows/fleet/messages.ts';
import { progressQuery, retryUpdate } from '../../workflows/tenant/messages.ts';
import type { FleetHandle } from '../support/fleet-lab.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { heals, holds, slow } from '../support/fleet-trouble.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;
/** What a look of the fleet at its tenants waits for. */
let beforeLook: (() => Promise<void>) | undefined;

beforeAll(async () => {
  // The time-skipping server tells no parent of a child that was terminated.
  lab = await FleetLab.open({
    server: 'dev',
    fleetActivities: (own) => ({
      lookAtUpgrades: async (input) => {
        await beforeLook?.();
        return own.lookAtUpgrades(input);
      },
    }),
  });
}, 120_000);

afterAll(() => lab.close());

type WorkflowTaskEvent = NonNullable<Awaited<ReturnType<FleetHandle['fetchHistory']>>['events']>[number];

/** Temporal's Reset, to the workflow task that was completed with this event. */
async function reset(workflowId: string, event: WorkflowTaskEvent['eventId']): Promise<void> {
  const { client } = lab.env;
  const { runId } = await client.workflow.getHandle(workflowId).describe();
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'a test',
    workflowTaskFinishEventId: event ?? null,
    requestId: randomUUID(),
  });
}

async function until(reached: () => Promise<boolean>): Promise<void> {
  while (!(await reached())) await lab.sleep('100ms');
}

const one = (name: string, tenants: readonly { readonly namespace: string }[]): string =>
  tenants.find(({ namespace }) => namespace.endsWith(name))?.namespace ?? '';

test('a child that is terminated at work or while it is held frees its slot: the others go on', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['held', 'working', 'c', 'd'] }],
      maxConcurrent: 1,
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
    },
    {
      prepare: (tenant) => {
        holds(tenant('held'));
        slow(tenant('working'), 60);
      },
    },
  );
  await fleet.until(({ counts }) => counts.held === 1 && counts.running === 1, '100ms');
  await lab.sleep('1s');
  for (const name of ['held', 'working']) {
    await lab.upgrade(fleet.spec, one(name, fleet.spec.tenants)).terminate('by hand');
  }
  const { progress, tenants } = await fleet.result();
  expect(progress.counts).toMatchObject({ lost: 2, upgraded: 2 });
  expect(tenants[1]?.failure).toMatchObject({ type: 'Lost' });
  expect(tenants[1]?.failure?.message).toContain('ended from outside');
});

test('a child that is cancelled from outside undoes what it did, and frees its slot', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['working', 'b'] }], maxConcurrent: 1 },
    { prepare: (tenant) => slow(tenant('working'), 60) },
  );
  await fleet.until(({ counts }) => counts.running === 1, '100ms');
  await lab.sleep('1s');
  await lab.upgrade(fleet.spec, one('working', fleet.spec.tenants)).cancel();
  const { progress } = await fleet.result();
  expect(progress.counts).toMatchObject({ aborted: 1, upgraded: 1 });
});

test('a fleet that is terminated while it is paused, and started anew, lets go on what it had under way', async () => {
  const options = { waves: [{ tenants: ['working', 'b'] }], maxConcurrent: 1 };
  const prefix = 'anew-';
  const fleet = await lab.start(options, { prefix, prepare: (tenant) => slow(tenant('working'), 0.05) });
  await fleet.until(({ counts }) => counts.running === 1, '100ms');
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await fleet.until(({ phase }) => phase === 'paused', '100ms');
  await fleet.handle.terminate('by hand');
  const again = await lab.start(options, { name: fleet.spec.name, prefix });
  expect((await again.result()).progress.counts.upgraded).toBe(2);
  const backups = fleet.tenant('working').script.done.filter((call) => call.startsWith('backUpTenant'));
  expect(backups).toHaveLength(1);
});

test('a fleet that is started anew takes up what is half way, also of a wave whose turn has not come', async () => {
  const options = {
    waves: [{ tenants: ['a'] }, { tenants: ['half'], approval: 'required' as const }],
    failureBudget: { failed: { count: 1 } },
    retries: { transientAttempts: 3, outcomeAttempts: 1 },
  };
  const prefix = 'half-';
  const fleet = await lab.start(options, { prefix, prepare: (tenant) => holds(tenant('half')) });
  await fleet.until(({ phase }) => phase === 'awaiting-approval', '100ms');
  await fleet.handle.executeUpdate(approveWaveUpdate, { args: [{ ...OPERATOR, wave: 'wave-2' }] });
  await fleet.until(({ counts }) => counts.held === 1, '100ms');
  await fleet.handle.terminate('by hand');
  const again = await lab.start(options, { name: fleet.spec.name, prefix });
  await again.until(({ phase }) => phase === 'awaiting-approval', '100ms');
  heals(fleet.tenant('half'));
  await lab
    .upgrade(fleet.spec, one('half', fleet.spec.tenants))
    .executeUpdate(retryUpdate, { args: [OPERATOR] });
  expect((await again.result()).progress.counts.upgraded).toBe(2);
});

test('a fleet that is started anew without a tenant lets it go on by itself', async () => {
  const options = {
    failureBudget: { failed: { count: 1 } },
    retries: { transientAttempts: 3, outcomeAttempts: 1 },
  };
  const prefix = 'gone-';
  const fleet = await lab.start(
    { waves: [{ tenants: ['left'] }], ...options },
    { prefix, prepare: (tenant) => holds(tenant('left')) },
  );
  await fleet.until(({ counts }) => counts.held === 1, '100ms');
  await fleet.handle.terminate('by hand');
  const again = await lab.start(
    { waves: [{ tenants: ['b'], approval: 'required' }], ...options },
    { name: fleet.spec.name, prefix },
  );
  await again.until(({ phase }) => phase === 'awaiting-approval', '100ms');
  heals(fleet.tenant('left'));
  const left = lab.upgrade(fleet.spec, one('left', fleet.spec.tenants));
  await left.executeUpdate(retryUpdate, { args: [OPERATOR] });
  expect((await left.result()).state).toBe('upgraded');
  await again.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' });
  await again.result();
});

test('a fleet that is cancelled from outside lets finish what is under way, and starts nothing more', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['working', 'b'] }], maxConcurrent: 1 },
    { prepare: (tenant) => slow(tenant('working'), 0.05) },
  );
  await fleet.until(({ counts }) => counts.running === 1, '100ms');
  await fleet.handle.cancel();
  const { progress } = await fleet.result();
  expect(progress.counts).toMatchObject({ upgraded: 1, skipped: 1 });
  await expect(fleet.handle.signal(abortFleetSignal, { ...OPERATOR, kind: 'finish' })).rejects.toThrow();
});

test('a tenant of a fleet that is reset is its own still: it is heard, gets its slot, and is told what all are told', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['held', 'b'] }],
      maxConcurrent: 1,
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
    },
    { prefix: 'reset-tenant-', prepare: (tenant) => holds(tenant('held')) },
  );
  await fleet.until(({ counts }) => counts.held === 1 && counts.upgraded === 1, '100ms');
  const handle = lab.upgrade(fleet.spec, one('held', fleet.spec.tenants));
  const { events } = await handle.fetchHistory();
  const completed = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  await reset(handle.workflowId, completed.at(-2)?.eventId);
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await until(async () => (await handle.query(progressQuery)).paused !== undefined);
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  await until(async () => (await handle.query(progressQuery)).held !== undefined);
  heals(fleet.tenant('held'));
  await handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  const { progress } = await fleet.result();
  expect(progress.counts).toMatchObject({ upgraded: 2 });
});

test('what is said to a tenant that was reset reaches it in the order in which it was said', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['held', 'b'] }],
      maxConcurrent: 1,
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
    },
    { prefix: 'in-order-', prepare: (tenant) => holds(tenant('held')) },
  );
  await fleet.until(({ counts }) => counts.held === 1 && counts.upgraded === 1, '100ms');
  const handle = lab.upgrade(fleet.spec, one('held', fleet.spec.tenants));
  let looks = 0;
  const first = Promise.withResolvers<undefined>();
  beforeLook = async () => {
    looks += 1;
    if (looks === 1) await first.promise;
  };
  const { events } = await handle.fetchHistory();
  const completed = (events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes);
  // Its own look at the cluster is what is done anew: it says nothing to the fleet before the fleet speaks to it.
  await reset(handle.workflowId, completed.at(-1)?.eventId);
  await fleet.handle.signal(pauseFleetSignal, OPERATOR);
  await until(() => Promise.resolve(looks === 1));
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  await lab.sleep('1500ms');
  first.resolve(undefined);
  await lab.sleep('1500ms');
  beforeLook = undefined;
  expect((await handle.query(progressQuery)).paused).toBeUndefined();
  heals(fleet.tenant('held'));
  await handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  expect((await fleet.result()).progress.counts).toMatchObject({ upgraded: 2 });
});

test('a fleet that is reset to its beginning recounts what it forgot: nothing is done twice', async () => {
  const options = { waves: [{ tenants: ['first', 'second', 'third'] }], maxConcurrent: 1 };
  const fleet = await lab.start(options, {
    prefix: 'reset-',
    prepare: (tenant) => slow(tenant('second'), 0.05),
  });
  await fleet.until(({ counts }) => counts.upgraded === 1 && counts.running === 1, '100ms');
  const { client } = lab.env;
  const { events } = await fleet.handle.fetchHistory();
  const first = (events ?? []).find((event) => event.workflowTaskCompletedEventAttributes);
  await reset(fleet.handle.workflowId, first?.eventId);
  const progress = await client.workflow.getHandle(fleet.handle.workflowId).result();
  expect(progress).toBeDefined();
  const { counts } = await client.workflow.getHandle(fleet.handle.workflowId).query(fleetProgressQuery);
  expect(counts.upgraded).toBe(3);
  for (const name of ['first', 'second', 'third']) {
    const { writes } = fleet.tenant(name).installation;
    expect(new Set(writes).size).toBe(writes.length);
  }
});
