import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { WorkflowBundle } from '@temporalio/worker';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { createDataConverter } from '../../src/temporal/codec/data-converter.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';
import { bundleWorkflows } from '../support/time-skipping.ts';
import { foldersIn, withoutTraces } from './folders.ts';

const FOLDER = fileURLToPath(new URL('./histories', import.meta.url));
const names = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ''));

let workflowBundle: WorkflowBundle;
/** As workers have it whose payloads are encrypted. */
let encryptingBundle: WorkflowBundle;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflows();
  encryptingBundle = await bundleWorkflows(undefined, { encrypts: true });
});

interface Recorded {
  readonly events: readonly {
    readonly eventType: string;
    activityTaskScheduledEventAttributes?: { activityType: { name: string } };
    workflowExecutionStartedEventAttributes?: { header?: object };
  }[];
}

const read = (name: string): Recorded =>
  JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Recorded;
const replay = (history: Recorded): Promise<void> =>
  Worker.runReplayHistory({ workflowBundle }, history, 'upgrade/replayed');

test('every turn of an upgrade has been recorded', () => {
  expect(names.length).toBeGreaterThanOrEqual(7);
});

test.each(names)('%s, as it was recorded, is replayed by the workflow of today', async (name) => {
  await replay(read(name));
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');
/** As a command sends it that is traced. */
const TRACED = {
  fields: {
    '_tracer-data': {
      metadata: { encoding: base64('json/plain') },
      data: base64(JSON.stringify({ traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` })),
    },
  },
};

test.each(names)('%s, as it was recorded, is replayed alike where it is traced', async (name) => {
  const history = read(name);
  const [{ workflowExecutionStartedEventAttributes: started } = {}] = history.events;
  if (!started) throw new Error('the history has no start');
  started.header = TRACED;
  await replay(history);
});

test.each(names)('%s, as it was recorded, is replayed by a worker that encrypts', async (name) => {
  const dataConverter = createDataConverter(new EncryptionKeys(writeKeyFile([keyLine('k1')])));
  await Worker.runReplayHistory(
    { workflowBundle: encryptingBundle, dataConverter },
    read(name),
    'upgrade/replayed',
  );
});

test.each(names)('%s names no folder of the machine that recorded it', (name) => {
  expect(foldersIn(readFileSync(`${FOLDER}/${name}.json`, 'utf8'))).toEqual([]);
});

test('a folder is found in a trace, and in payloads, compressed or not', () => {
  const trace = '    at failureOf (file:///srv/here/fake-faults.ts:23:29)';
  const plain = Buffer.from('{"at":"/home/me/here"}');
  const history = {
    failure: { stackTrace: trace },
    payloads: [plain, gzipSync(plain)].map((data) => ({ data: data.toString('base64') })),
  };
  const text = JSON.stringify(history);
  expect(foldersIn(text)).toEqual(['file:///', '/home/me/here', '/home/me/here']);
  expect(foldersIn(withoutTraces(text))).toHaveLength(2);
});

test('a history that the workflow would not have made is noticed', async () => {
  const history = read('upgraded');
  const scheduled = history.events.filter((event) => event.activityTaskScheduledEventAttributes);
  const fifth = scheduled[4]?.activityTaskScheduledEventAttributes;
  if (!fifth) throw new Error('the history is too short');
  fifth.activityType.name = 'somethingElse';
  await expect(replay(history)).rejects.toThrow(/[Nn]ondeterminism|somethingElse/);
});
