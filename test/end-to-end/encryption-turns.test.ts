import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Worker } from '@temporalio/worker';
import { createDataConverter } from '../../src/temporal/codec/data-converter.ts';
import { connectClient, travelBy } from '../../src/temporal/connection.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import type { RunningWorker } from '../../src/worker/worker.ts';
import { startWorker } from '../../src/worker/worker.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { pauseSignal, resumeSignal } from '../../workflows/tenant/messages.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';
import type { Handle, Lab, UpgradeOptions } from '../support/lab.ts';
import { openLab, settled, until } from '../support/lab.ts';
import { encryptedPayloads, rawHistory, readable } from '../support/raw-history.ts';
import { runCli } from '../support/hosted-cli.ts';
import { bundleWorkflows } from '../support/time-skipping.ts';

const K1 = keyLine('k1');
const K2 = keyLine('k2');
const keysOf = (...lines: readonly string[]): EncryptionKeys =>
  lines.length === 0 ? new EncryptionKeys() : new EncryptionKeys(writeKeyFile(lines));
const SAID = { by: 'olga', why: 'change 4711' };

let lab: Lab;
let worker: RunningWorker | undefined;
beforeAll(async () => {
  lab = await openLab({
    worker: false,
    timing: { rolloutMs: 300, hookMs: 100, importMs: 20, terminationMs: 10 },
  });
});
afterEach(() => stop());
afterAll(() => lab.close());

async function stop(): Promise<void> {
  await worker?.stop();
  worker = undefined;
}

/** The one worker, with these keys from now on. */
async function work(keys: EncryptionKeys): Promise<void> {
  await stop();
  worker = await startWorker({ ...lab.target, ...travelBy(keys) }, lab.clusters);
}

/** As a person with these keys sees and says. */
async function as<T>(keys: EncryptionKeys, id: string, say: (handle: Handle) => Promise<T>): Promise<T> {
  const { client, close } = await connectClient({ ...lab.target, ...travelBy(keys) });
  try {
    return await say(client.workflow.getHandle(id));
  } finally {
    await close();
  }
}

/** Started by a person with these keys; its workflow's id. */
async function startBy(keys: EncryptionKeys, namespace: string, more: UpgradeOptions = {}): Promise<string> {
  const { client, close } = await connectClient({ ...lab.target, ...travelBy(keys) });
  try {
    return (await lab.start(namespace, { startedBy: SAID, ...more }, client)).workflowId;
  } finally {
    await close();
  }
}

const isStill = ({ paused, steps }: TenantProgress): boolean =>
  paused !== undefined && !steps.some(({ status }) => status === 'running');

const flags = (namespace: string): string[] => [
  '--kubeconfig',
  lab.kubeconfig,
  '-c',
  'sim1',
  '-n',
  namespace,
];

test('an upgrade begins without encryption, goes on with it, and after a rotation; it is replayed', async () => {
  await lab.simulator.install('sim1', 'turns');
  await work(keysOf());
  const { workflowId } = await lab.start('turns', { startedBy: SAID });
  const pauseAt = (keys: EncryptionKeys, reached: (progress: TenantProgress) => boolean) =>
    as(keys, workflowId, async (handle) => {
      await until(handle, reached);
      await handle.signal(pauseSignal, SAID);
      await until(handle, isStill);
    });
  const resumed = (keys: EncryptionKeys) =>
    as(keys, workflowId, async (handle) => handle.signal(resumeSignal, SAID));
  await pauseAt(keysOf(), ({ state }) => state === 'staging');

  const on = keysOf(K1);
  await work(on);
  await resumed(on);
  await pauseAt(on, ({ state }) => state === 'switching');
  const rotated = keysOf(K2, K1);
  await work(rotated);
  await resumed(rotated);
  const { state } = await as(rotated, workflowId, (handle) => settled(handle));
  expect(state).toBe('upgraded');

  const counts = encryptedPayloads(await rawHistory(lab.client, workflowId));
  expect(Object.keys(counts).sort()).toEqual(['k1', 'k2', 'none']);
  const history = await lab.client.workflow.getHandle(workflowId).fetchHistory();
  const workflowBundle = await bundleWorkflows(undefined, { encrypts: true });
  const replay = (keys: EncryptionKeys) =>
    Worker.runReplayHistory(
      { workflowBundle, dataConverter: createDataConverter(keys) },
      history,
      workflowId,
    );
  await replay(keysOf('off', K1, K2));
  await expect(replay(keysOf(K2))).rejects.toThrow('key k1');
});

test('a worker without the key touches nothing and says which one it lacks; with its line added it goes on', async () => {
  await lab.simulator.install('sim1', 'lacking');
  lab.cluster.audit.clear();
  const file = writeKeyFile([K2]);
  await work(new EncryptionKeys(file));
  const workflowId = await startBy(keysOf(K1), 'lacking');
  for (;;) {
    const told = readable(await rawHistory(lab.client, workflowId)).filter(({ place }) =>
      place.endsWith('failure.message'),
    );
    if (told.some(({ text }) => text.includes(`encrypted with key k1, which is not in ${file}`))) break;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  expect(lab.cluster.audit.writes({ namespace: 'lacking' })).toEqual([]);
  writeKeyFile([K2, K1], file);
  const { state } = await as(keysOf(K2, K1), workflowId, (handle) => settled(handle));
  expect(state).toBe('upgraded');
});

test('a site’s worker without the key is tried again for ever, `status` says why, and nothing is reverted for it', async () => {
  await lab.simulator.install('sim1', 'site');
  const good = keysOf(K1);
  await work(good);
  const id = await startBy(good, 'site', { site: 'edge' });
  const edge = await startWorker({ ...lab.target, ...travelBy(keysOf()) }, lab.clusters, { site: 'edge' });
  try {
    const keyFile = writeKeyFile([K1]);
    const env = { TEMPORAL_ADDRESS: lab.target.address, THREESCALE_UPGRADE_KEY_FILE: keyFile };
    for (;;) {
      const status = await runCli(['status', ...flags('site')], env);
      expect(status.exitCode).toBe(0);
      if (status.stdout.includes('encrypted with key k1')) break;
    }
  } finally {
    await edge.stop();
  }
  const edgeWithKey = await startWorker({ ...lab.target, ...travelBy(good) }, lab.clusters, { site: 'edge' });
  try {
    expect((await as(good, id, (handle) => settled(handle))).state).toBe('upgraded');
  } finally {
    await edgeWithKey.stop();
  }
});

test('a person without the key is told which one it is and what to type; with it, sees all', async () => {
  await lab.simulator.install('sim1', 'person');
  const keyFile = writeKeyFile([K1]);
  await work(new EncryptionKeys(keyFile));
  const address = { TEMPORAL_ADDRESS: lab.target.address };
  const started = await runCli(['start', ...flags('person'), '--yes', '--why', 'change 4711'], {
    ...address,
    THREESCALE_UPGRADE_KEY_FILE: keyFile,
  });
  expect(started.exitCode).toBe(0);
  // Whoever saw the end has its report as a file; this is somebody else.
  const elsewhere = { ...address, THREESCALE_UPGRADE_HOME: join(lab.folder, 'elsewhere') };
  expect((await runCli(['report', ...flags('person')], address)).stdout).toContain('change 4711');
  for (const command of ['status', 'report']) {
    const without = await runCli([command, ...flags('person')], elsewhere);
    expect([without.exitCode, without.stderr]).toEqual([
      64,
      expect.stringContaining('export THREESCALE_UPGRADE_KEY_FILE='),
    ]);
    expect(without.stderr).toContain('encrypted with key k1');
    // What the upgrade shows to anybody is told all the same.
    expect(without.stdout).toMatch(/sim1\/person +2\.3 → 2\.4 +upgraded/);
    expect(without.stdout).toContain('not known here');
    const other = await runCli([command, ...flags('person')], {
      ...elsewhere,
      THREESCALE_UPGRADE_KEY_FILE: writeKeyFile([K2]),
    });
    expect([other.exitCode, other.stderr]).toEqual([64, expect.stringContaining('add its line "k1: …"')]);
  }
  const report = await runCli(['report', ...flags('person')], {
    ...address,
    THREESCALE_UPGRADE_KEY_FILE: keyFile,
  });
  expect(report.stdout).toContain('change 4711');
});
