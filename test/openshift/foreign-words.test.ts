import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OpenShiftError } from '../../src/openshift/api-error.ts';
import { judgeRollout } from '../../src/openshift/rollout.ts';
import type { DeploymentConfig, ReplicationController } from '../../src/openshift/types.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi } from '../support/scripted-api.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi();
});
afterAll(() => server.close());

const LONG = `\u001b[2J\u0007it says\r\n✓ upgraded\u2028${'and so on '.repeat(100_000)}`;
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}]/u;

/** The message of what a deletion meets; a write is not tried again. */
async function met(body: object, code: number): Promise<string> {
  server.respond = json({ kind: 'Status', status: 'Failure', code, ...body }, code);
  const error: unknown = await server
    .open()
    .delete('secrets', 'x')
    .then(
      () => undefined,
      (reason: unknown) => reason,
    );
  if (!(error instanceof OpenShiftError)) throw new Error('it was not refused');
  return error.message;
}

test.each([403, 405, 409, 429, 500, 503])(
  'what an API says with %i is told in one line, and no more than 500 characters of it',
  async (code) => {
    const message = await met({ message: LONG }, code);
    expect(message).toMatch(/: it says ✓ upgraded and so on .*…$/);
    expect(message).not.toMatch(OBEYED);
    expect(message.length).toBeLessThan(600);
  },
);

test.each([
  ['a reason', { reason: LONG }, 403],
  ['a message that is no text', { message: { all: LONG } }, 500],
  ['fields', { details: { causes: [{ field: LONG, reason: LONG }] } }, 422],
  ['ten thousand fields', { details: { causes: Array(10_000).fill({ field: 'a', reason: 'b' }) } }, 400],
])('so is %s', async (_, body, code) => {
  const message = await met(body, code);
  expect(message).not.toMatch(OBEYED);
  expect(message.length).toBeLessThan(600);
});

test('so is a kind of answer that no API gives', async () => {
  server.respond = (_, response) => {
    response.writeHead(502, { 'content-type': 'x'.repeat(8_000) });
    response.end('no');
  };
  await expect(server.open().delete('secrets', 'x')).rejects.toMatchObject({
    message: expect.stringMatching(/^.{1,600}$/),
  });
});

test('so is why a rollout failed', () => {
  const config = {
    metadata: { name: 'zync', generation: 1 },
    spec: { replicas: 1, template: { spec: {} } },
    status: { latestVersion: 2, observedGeneration: 1 },
  } as unknown as DeploymentConfig;
  const annotations = {
    'openshift.io/deployment.phase': 'Failed',
    'openshift.io/deployment.status-reason': LONG,
    'openshift.io/deployment-config.latest-version': '2',
  };
  const newest = {
    metadata: { name: 'zync-2', annotations },
    spec: { template: { spec: {} } },
  } as unknown as ReplicationController;
  const rollout = judgeRollout(config, newest);
  expect(rollout).toMatchObject({ status: 'failed', why: expect.stringMatching(/^it says .{1,493}…$/) });
});
