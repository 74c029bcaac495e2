import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { revertTenantsUpdate } from '../../workflows/fleet/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { holds, reverts, slow } from '../support/fleet-trouble.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';
import { encryptedPayloads, rawHistory, readable } from '../support/raw-history.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open({ server: 'dev', keys: new EncryptionKeys(writeKeyFile([keyLine('k1')])) });
}, 120_000);

afterAll(() => lab.close());

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
/** So many that a fleet with them travels compressed. */
const FREEZES = Array.from({ length: 1_000 }, (_, day) => {
  const on = new Date(Date.UTC(2020, 0, 1 + day)).toISOString().slice(0, 10);
  return { from: `${on}T00:00`, to: `${on}T01:00`, zone: 'Europe/Berlin', name: `winter-${day}` };
});

test('a large fleet goes its whole way encrypted: new runs, children, their signals, updates, a revert', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: NAMES.slice(0, 2) }, { tenants: NAMES.slice(2) }],
      maxConcurrent: 2,
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
      windows: { windows: [], freezes: FREEZES },
    },
    {
      continueAfter: 30,
      prepare: (tenant) => {
        reverts(tenant('b'));
        holds(tenant('c'));
        for (const name of ['d', 'e', 'f']) slow(tenant(name), 0.02);
      },
    },
  );
  expect(JSON.stringify(fleet.spec).length).toBeGreaterThan(70_000);
  await fleet.until(({ counts }) => counts.held === 1 && counts.upgraded === 4, '100ms');
  const message = { ...OPERATOR, wave: 'wave-2', confirm: fleet.spec.name };
  await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [message] });
  const { progress } = await fleet.result();
  expect(await fleet.states()).toMatchObject({ a: 'upgraded', b: 'reverted', d: 'rolled-back' });
  expect(progress.runs).toBeGreaterThan(1);

  const { workflowId, firstExecutionRunId } = fleet.handle;
  const tenants = fleet.spec.tenants.map(({ namespace }) => lab.upgrade(fleet.spec, namespace).workflowId);
  const { client } = lab.env;
  const histories = await Promise.all([
    rawHistory(client, workflowId, firstExecutionRunId),
    ...[workflowId, ...tenants].map((id) => rawHistory(client, id)),
  ]);
  for (const history of histories) {
    expect(Object.keys(encryptedPayloads(history))).toContain('k1');
    const told = readable(history).filter(({ text }) =>
      /winter-|olga|a test says so|example\.com:/.test(text),
    );
    expect(told).toEqual([]);
  }
});
