import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { defaultPayloadConverter } from '@temporalio/common';
import type { History } from '@temporalio/common/lib/proto-utils.js';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { createDataConverter } from '../../src/temporal/codec/data-converter.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { partHistory, signalsOf } from '../../src/worker/decided.ts';
import { NotReplayable } from '../../src/worker/not-replayable.ts';
import { Replayer } from '../../src/worker/replay.ts';

const FOLDER = fileURLToPath(new URL('../replay/histories', import.meta.url));
const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));
const tenants = names.filter((name) => !name.startsWith('fleet-'));

let replayer: Replayer;
beforeAll(() => {
  replayer = new Replayer(createDataConverter(new EncryptionKeys()));
});
afterAll(() => replayer.close());

/** As it was when so many of its events were there. */
function read(name: string, events = Infinity): History {
  const history = historyFromJSON(JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')));
  return { ...history, events: (history.events ?? []).slice(0, events) } as History;
}

const questions = [{ query: 'progress', args: [] }];
const ask = async (history: History): Promise<TenantProgress> => {
  const [progress] = await replayer.ask({ workflowId: 'upgrade/looked-at', history, questions });
  return progress as TenantProgress;
};

/** Moments in which nobody had taken it up: the first, and some on the way. */
function pauses({ events }: History): number[] {
  const all = (events ?? []).flatMap((event, index) =>
    event.workflowTaskScheduledEventAttributes ? [index + 1] : [],
  );
  return [0, 0.3, 0.6, 0.9].map((part) => all[Math.floor(part * (all.length - 1))] ?? 0);
}

/** What the upgrade has shown of itself to Temporal. */
function shownState({ events }: History): string {
  const shown = (events ?? []).flatMap((event) => {
    const fields = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields;
    const payload = fields?.['ThreescaleState'];
    if (!payload) return [];
    const value = defaultPayloadConverter.fromPayload<string | readonly string[]>(payload);
    return typeof value === 'string' ? [value] : value.slice(0, 1);
  });
  return shown.at(-1) ?? 'waiting';
}

test.each(tenants)('%s: wherever it stood still, a look sees the state that it had shown', async (name) => {
  for (const moment of pauses(read(name))) {
    const history = read(name, moment);
    const { state, journal } = await ask(history);
    if (JSON.stringify(read(name).events).includes('ThreescaleState'))
      expect(state).toBe(shownState(history));
    expect(journal[0]?.event).toBe('started');
  }
});

test.each(tenants)('%s: a look at its whole history sees what it has ended with', async (name) => {
  const history = read(name);
  const ended = history.events?.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0];
  if (!ended) throw new Error('it has not ended');
  const { steps, ...rest } = defaultPayloadConverter.fromPayload<TenantProgress>(ended);
  // An earlier release had recorded it: this one may tell more, and tells times and attempts of each way of its own.
  const told = steps.map(({ attempts: _, startedAt: _begun, endedAt: _ended, ...step }) => step);
  expect(await ask(history)).toMatchObject({ ...rest, steps: told });
});

test('a fleet is looked at by all of its questions', async () => {
  const [progress, lines, spec] = await replayer.ask({
    workflowId: 'fleet/looked-at',
    history: read('fleet-waves-pause-and-retry', 100),
    questions: [
      { query: 'progress', args: [] },
      { query: 'tenants', args: [{}] },
      { query: 'spec', args: [] },
    ],
  });
  const { tenants: named } = spec as { tenants: unknown[] };
  expect(progress).toMatchObject({ total: named.length });
  expect(lines).toHaveLength(named.length);
});

describe('what cannot be read', () => {
  test('a history of another release is said to be one, and the next one is read', async () => {
    const history = read('upgraded', 70);
    const scheduled = history.events?.filter((event) => event.activityTaskScheduledEventAttributes) ?? [];
    const type = scheduled[4]?.activityTaskScheduledEventAttributes?.activityType;
    if (!type) throw new Error('the history is too short');
    type.name = 'somethingElse';
    await expect(ask(history)).rejects.toMatchObject({
      name: NotReplayable.name,
      message: 'its history was made by another release',
    });
    expect((await ask(read('upgraded', 70))).state).toBe('staging');
  });

  test('a key that is missing is named', async () => {
    const history = read('upgraded', 70);
    const payload = history.events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
    if (!payload) throw new Error('it was started with nothing');
    payload.metadata = {
      encoding: Buffer.from('binary/encrypted'),
      'encryption-key-id': Buffer.from('k9'),
    };
    await expect(ask(history)).rejects.toMatchObject({
      name: 'EncryptionError',
      message: expect.stringContaining('encrypted with key k9'),
    });
  });
});

test('signals that nobody has taken up are told apart', () => {
  const { events = [] } = read('paused-and-resumed');
  const paused = (events ?? []).findIndex(
    (event) => event.workflowExecutionSignaledEventAttributes?.signalName === 'pause',
  );
  const { since } = partHistory(read('paused-and-resumed', paused + 1));
  expect(signalsOf(since)).toContain('pause');
});
