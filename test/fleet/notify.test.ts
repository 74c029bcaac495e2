import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { standOf } from '../../src/domain/fleet/spec/apply.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { Receiver } from '../../src/domain/notify/receivers.ts';
import { messageWorkflowId } from '../../src/domain/tenant/workflow-id.ts';
import type { CloudEvent } from '../../src/notify/cloud-event.ts';
import {
  applySpecUpdate,
  approveWaveUpdate,
  pauseFleetSignal,
  resumeFleetSignal,
} from '../../workflows/fleet/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { holds, reverts, slow, unreachable } from '../support/fleet-trouble.ts';
import type { HttpReceiver } from '../support/http-receiver.ts';
import { httpReceiver } from '../support/http-receiver.ts';
import { setEnv } from '../support/set-env.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

const VARIABLE = 'THREESCALE_UPGRADE_NOTIFY_OPS';
const SECRET = 'c4n-n0t-b3-f0und-anywhere';

let lab: FleetLab;
let there: HttpReceiver;
let resetEnv: () => void;

beforeAll(async () => {
  lab = await FleetLab.open({ letsGo: true });
});

afterAll(() => lab.close());

beforeEach(async () => {
  there = await httpReceiver();
  resetEnv = setEnv({ [VARIABLE]: SECRET });
});

afterEach(async () => {
  resetEnv();
  await there.close();
});

const retries = { transientAttempts: 3, outcomeAttempts: 1, unreachableAttempts: 2 };
const ops = (more: Partial<Receiver> = {}): Receiver[] => [
  { name: 'ops', webhook: { url: there.url, secret: { env: VARIABLE } }, ...more },
];
const eventsAt = ({ received }: HttpReceiver): CloudEvent[] =>
  received.map(({ body }) => JSON.parse(body) as CloudEvent);
const told = (): string[] =>
  eventsAt(there).map(({ type, subject }) => `${type.replace('threescale-upgrade.fleet.', '')} ${subject}`);
const standOfOps = ({ telling }: FleetProgress) => telling?.receivers.find(({ name }) => name === 'ops');
/** What is told as a fleet ends may come after its end. */
async function untilTold(count: number): Promise<void> {
  while (told().length < count) await new Promise((resolve) => setTimeout(resolve, 20));
}
const handedTo = (progress: FleetProgress): number => {
  const { sent = 0, open = 0 } = standOfOps(progress) ?? {};
  return sent + open;
};
const approve = (wave: string): { args: [typeof OPERATOR & { wave: string }] } => ({
  args: [{ ...OPERATOR, wave }],
});

test('a fleet tells each thing once, in order, and is quiet while nothing changes', async () => {
  const waves = [{ tenants: ['a', 'b'] }, { tenants: ['c'], approval: 'required' as const }];
  const fleet = await lab.start({ waves, retries, notify: ops() });
  await fleet.until(({ phase }) => phase === 'awaiting-approval' && told().length === 3);
  await lab.sleep('7 days');
  expect(told().sort()).toEqual(
    [
      `approval-wanted ${fleet.spec.name}/wave-2`,
      `started ${fleet.spec.name}`,
      `wave-done ${fleet.spec.name}/wave-1`,
    ].sort(),
  );
  await fleet.handle.executeUpdate(approveWaveUpdate, approve('wave-2'));
  const { progress } = await fleet.result();
  await untilTold(5);
  expect(told().slice(3).sort()).toEqual(
    [`ended ${fleet.spec.name}`, `wave-done ${fleet.spec.name}/wave-2`].sort(),
  );
  expect(new Set(eventsAt(there).map(({ id }) => id)).size).toBe(5);
  expect(standOfOps(progress)).toMatchObject({ failed: 0, how: 'webhook' });
  expect(handedTo(progress)).toBe(5);
  expect(new Set(progress.telling?.log.map(({ outcome }) => outcome))).toEqual(new Set(['sent']));
  const done = eventsAt(there).find(({ type }) => type.endsWith('wave-done'));
  expect(done?.data.text).toMatch(
    /^Fleet \S+: wave wave-1 is done\n2 upgraded\nTook .*Next: wave wave-2, once somebody has approved it$/,
  );
});

test('what fails within a minute is told together, and a budget that is exceeded besides', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b', 'c', 'd'] }],
      retries,
      notify: ops(),
      failureBudget: { failed: { count: 1 } },
    },
    {
      prepare: (tenant) => {
        reverts(tenant('a'));
        holds(tenant('b'));
      },
    },
  );
  const hasCome = (what: string): boolean => told().some((line) => line.startsWith(what));
  await fleet.until(() => hasCome('failed') && hasCome('budget-exceeded'));
  const failed = eventsAt(there).filter(({ type }) => type.endsWith('.failed'));
  expect(failed).toHaveLength(1);
  expect(failed[0]?.data.text).toMatch(/-a \(reverted\): RolloutFailed: .*\n.*-b \(held\): RolloutFailed: /);
  expect(told()).toContain(`budget-exceeded ${fleet.spec.name}`);
  await fleet.handle.terminate();
});

test('an approval is asked for only once it can proceed', async () => {
  const waves = [{ tenants: ['a'] }, { tenants: ['b'], approval: 'required' as const }];
  const fleet = await lab.start(
    { waves, retries, notify: ops({ triggers: ['on-approval-wanted'] }) },
    { prepare: (tenant) => slow(tenant('a'), 30) },
  );
  await fleet.until(({ counts }) => counts.running === 1);
  await fleet.handle.signal(pauseFleetSignal, { ...OPERATOR, newOnly: true });
  await fleet.until(({ counts }) => counts.upgraded === 1);
  await lab.sleep('1 hour');
  expect(told()).toEqual([]);
  await fleet.handle.signal(resumeFleetSignal, OPERATOR);
  await fleet.until(() => told().length > 0);
  expect(told()).toEqual([`approval-wanted ${fleet.spec.name}/wave-2`]);
  await fleet.handle.executeUpdate(approveWaveUpdate, approve('wave-2'));
  await fleet.result();
});

test('a cluster that does not answer is told once it has been so for long, and not at each try', async () => {
  const fleet = await lab.start(
    { waves: [{ tenants: ['a'] }], retries, notify: ops({ triggers: ['on-unreachable'] }) },
    {
      prepare: (tenant) => {
        unreachable(tenant('a'));
      },
    },
  );
  await fleet.until(() => told().length > 0, '1 minute');
  await lab.sleep('20 hours');
  expect(told()).toEqual([`unreachable ${fleet.spec.name}`]);
  await fleet.handle.terminate();
});

test('a receiver that hangs holds up neither the fleet nor its end, nor another receiver', async () => {
  const hanging = await httpReceiver();
  hanging.answers('hangs');
  const notify = [...ops(), { name: 'hangs', webhook: { url: hanging.url } }];
  const fleet = await lab.start({ waves: [{ tenants: ['a'] }], retries, notify });
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(1);
  expect(handedTo(progress)).toBe(3);
  await untilTold(3);
  const stand = progress.telling?.receivers.find(({ name }) => name === 'hangs');
  expect(stand).toMatchObject({ sent: 0, failed: 0, open: 3 });
  // What was not told goes on without the fleet.
  hanging.answers({ status: 204 });
  const ids = [...new Set(eventsAt(there).map(({ id }) => id))];
  for (const id of ids) await lab.env.client.workflow.getHandle(messageWorkflowId(id)).result();
  expect([...new Set(eventsAt(hanging).map(({ id }) => id))].sort()).toEqual(ids.sort());
  await hanging.close();
});

test('one that fails is tried for a day, then told nothing more, which is said; named anew, it is told again', async () => {
  there.answers({ status: 500 });
  const waves = [{ tenants: ['a'] }, { tenants: ['b'], approval: 'required' as const }];
  const fleet = await lab.start({ waves, retries, notify: ops({ triggers: ['on-started', 'on-ended'] }) });
  await fleet.until(({ phase }) => phase === 'awaiting-approval');
  await lab.sleep('23 hours');
  expect(standOfOps(await fleet.progress())).toMatchObject({ open: 1, failed: 0 });
  await lab.sleep('2 hours');
  const progress = await fleet.progress();
  expect(standOfOps(progress)).toMatchObject({
    open: 0,
    failed: 1,
    disabled: { why: 'it has answered 500' },
  });
  expect(progress.journal.at(-1)).toMatchObject({
    event: 'receiver-disabled',
    detail: 'ops is told nothing more: it has answered 500',
  });
  expect(new Set(eventsAt(there).map(({ id }) => id)).size).toBe(1);
  there.answers({ status: 204 });
  const spec = { ...fleet.spec, hash: '210fedcba987', notify: ops({ triggers: ['on-ended'] }) };
  await fleet.handle.executeUpdate(applySpecUpdate, {
    args: [{ ...OPERATOR, base: standOf(fleet.spec), spec }],
  });
  await fleet.handle.executeUpdate(approveWaveUpdate, approve('wave-2'));
  const end = await fleet.result();
  expect(standOfOps(end.progress)).toMatchObject({ failed: 1 });
  expect(handedTo(end.progress)).toBe(1);
  expect(standOfOps(end.progress)?.disabled).toBeUndefined();
});

test('410 ends it at once; a wish for patience is kept to', async () => {
  const busy = await httpReceiver();
  there.answers({ status: 410 });
  busy.answers({ status: 429, headers: { 'retry-after': '7200' } }, { status: 204 });
  const triggers = ['on-started'] as const;
  const notify = [...ops({ triggers }), { name: 'busy', webhook: { url: busy.url }, triggers }];
  const waves = [{ tenants: ['a'], soakMinutes: 600 }, { tenants: ['b'] }];
  const fleet = await lab.start({ waves, retries, notify });
  const { progress } = await fleet.result();
  expect(there.received).toHaveLength(1);
  expect(standOfOps(progress)).toMatchObject({
    failed: 1,
    disabled: { why: 'it says that it is gone for good (410)' },
  });
  const [first, second] = progress.telling?.log ?? [];
  expect([first, second]).toMatchObject([
    { receiver: 'ops', outcome: 'gone' },
    { receiver: 'busy', outcome: 'sent' },
  ]);
  expect(Date.parse(second?.at ?? '') - Date.parse(progress.startedAt)).toBeGreaterThanOrEqual(7_200_000);
  await busy.close();
});

test('a fleet that continues as new again and again tells nothing twice', async () => {
  const tenants = ['a', 'b', 'c', 'd', 'e', 'f'];
  const waves = [{ tenants: tenants.slice(0, 3) }, { tenants: tenants.slice(3) }];
  const fleet = await lab.start(
    { waves, retries, notify: ops(), maxConcurrent: 1 },
    {
      continueAfter: 30,
      prepare: (tenant) => {
        reverts(tenant('a'));
      },
    },
  );
  const { progress } = await fleet.result();
  expect(progress.runs).toBeGreaterThan(2);
  await untilTold(5);
  const name = fleet.spec.name;
  expect(told().sort()).toEqual(
    [
      `started ${name}`,
      `failed ${name}/wave-1`,
      `wave-done ${name}/wave-1`,
      `wave-done ${name}/wave-2`,
      `ended ${name}`,
    ].sort(),
  );
  expect(handedTo(progress)).toBe(5);
});

test('a window that closes with work left is told half an hour before, once', async () => {
  const windows = {
    windows: [{ opens: '0 0 * * *', durationMinutes: 240, zone: 'UTC' }],
    freezes: [],
    estimate: { switchMinutes: 30, rollbackMinutes: 30 },
  };
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b', 'c'] }],
      retries,
      windows,
      maxConcurrent: 1,
      notify: ops({ triggers: ['on-window-closing'] }),
    },
    {
      prepare: (tenant) => {
        slow(tenant('a'), 230);
      },
    },
  );
  const { progress } = await fleet.result();
  expect(progress.counts.upgraded).toBe(3);
  const closing = eventsAt(there);
  expect(closing.length).toBeGreaterThanOrEqual(1);
  expect(new Set(closing.map(({ data }) => data.facts.closes)).size).toBe(closing.length);
  expect(closing[0]?.data.text).toMatch(/: a window closes at .*T04:00Z, with \d tenants left/);
});

test('no secret of a receiver is in any history', async () => {
  const fleet = await lab.start({ waves: [{ tenants: ['a'] }], retries, notify: ops() });
  await fleet.result();
  await untilTold(3);
  const ids = eventsAt(there).map(({ id }) => messageWorkflowId(id));
  expect(ids.length).toBe(3);
  for (const id of [fleet.handle.workflowId, ...ids]) {
    const history = await lab.env.client.workflow.getHandle(id).fetchHistory();
    const text = historyToJSON(history).replaceAll(/"data":\s*"([^"]*)"/g, (_, data: string) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
    expect(text).toContain(VARIABLE);
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(Buffer.from(SECRET).toString('base64'));
  }
});
