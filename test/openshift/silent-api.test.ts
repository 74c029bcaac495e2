import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { renderKubeconfig } from '../../simulator/kubeconfig.ts';
import { makeCertificate } from '../../simulator/tls.ts';
import { Clusters } from '../../src/openshift/clusters.ts';
import { preflight } from '../../src/procedure/preflight/preflight.ts';
import { describeFailure } from '../../activities/boundary.ts';
import type { Respond, ScriptedApi } from '../support/scripted-api.ts';
import { halfSilent, openScriptedApi, silent } from '../support/scripted-api.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import { accessTo } from '../../src/openshift/tenant-api.ts';
import { pathFor } from '../support/upgrade-input.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi({ deadlineMs: 150 });
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const failureOf = async (work: Promise<unknown>): Promise<unknown> => {
  try {
    return { answered: await work };
  } catch (error) {
    return error;
  }
};

type Call = (api: TenantApi) => Promise<unknown>;

const READS: readonly (readonly [string, Call])[] = [
  ['an object', (api) => api.get('secrets', 'one')],
  ['a list', (api) => api.list('deploymentconfigs')],
  ['an access review', (api) => api.may(accessTo('create', 'secrets'))],
  ['a rules review', (api) => api.rules()],
  ['whether the namespace is there', (api) => api.namespaceExists()],
  ['a preflight', (api) => preflight({ api, path: pathFor(), mark: 'mark' }, pathFor())],
  ['a discovery', () => server.clusters.discovery('scripted').installations()],
];

const WRITES: readonly (readonly [string, Call])[] = [
  ['a creation', (api) => api.create('secrets', { metadata: { name: 'one' } })],
  ['a patch', (api) => api.patch('secrets', 'one', [])],
  ['a deletion', (api) => api.delete('secrets', 'one')],
  ['a rollout', (api) => api.instantiate('one')],
];

const SILENCES: readonly (readonly [string, Respond])[] = [
  ['that accepts and stays silent', silent],
  ['that falls silent in the middle of its answer', halfSilent],
];

describe.each(SILENCES)('of an API %s', (_, respond) => {
  beforeEach(() => {
    server.respond = respond;
  });

  test.each(READS)('%s is Unreachable', async (__, call) => {
    const error = await failureOf(call(server.open()));
    expect(error).toMatchObject({ kind: 'Unreachable', unsure: false });
    expect(String(error)).toContain('no answer within 0.15 s');
    expect(describeFailure(error)).toMatchObject({ type: 'Unreachable' });
  });

  test.each(READS)('%s with a signal that does not abort is Unreachable', async (__, call) => {
    const error = await failureOf(call(server.open(new AbortController().signal)));
    expect(error).toMatchObject({ kind: 'Unreachable' });
  });

  test.each(WRITES)('%s is Unreachable, unsure, and was made once', async (__, call) => {
    const error = await failureOf(call(server.open(new AbortController().signal)));
    expect(error).toMatchObject({ kind: 'Unreachable', unsure: true });
    expect(server.requests).toHaveLength(1);
  });
});

describe('of a server that accepts connections and never speaks TLS', () => {
  const listener = createServer();
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-silent-'));
  let clusters: Clusters;
  beforeAll(async () => {
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo;
    const file = join(folder, 'kubeconfig.yaml');
    const { cert: certificate } = await makeCertificate();
    const cluster = { name: 'silent', server: `https://127.0.0.1:${port}`, certificate };
    writeFileSync(file, renderKubeconfig([cluster], [{ name: 'silent', cluster: 'silent', token: 't' }]));
    clusters = new Clusters(file, { deadlineMs: 150 });
  });
  afterAll(() => {
    listener.close();
    rmSync(folder, { recursive: true });
  });
  const open = (signal?: AbortSignal): TenantApi =>
    clusters.open(clusters.tenant('silent', 'tenant'), signal);

  test('a read is Unreachable at the deadline', async () => {
    const error = await failureOf(open().list('secrets'));
    expect(error).toMatchObject({ kind: 'Unreachable' });
    expect(String(error)).toContain('no answer within 0.15 s');
  });

  test('a write is Unreachable, and was certainly not made', async () => {
    const error = await failureOf(open().patch('secrets', 'one', []));
    expect(error).toMatchObject({ kind: 'Unreachable', unsure: false });
  });

  test('a command is Unreachable, and has certainly not begun', async () => {
    const error = await failureOf(open().exec('one', 'one', ['true'], { connectMs: 150 }));
    expect(error).toMatchObject({ kind: 'Unreachable', unsure: false });
  });
});

test('a watch that is never answered ends at the deadline, and is opened again', async () => {
  const thing = { metadata: { name: 'one', resourceVersion: '1' } };
  server.respond = (incoming, response) => {
    if (incoming.url?.includes('watch=true') && server.requests.length === 1) return;
    const changed = { ...thing, metadata: { ...thing.metadata, resourceVersion: '2' } };
    response.writeHead(200, { 'content-type': 'application/json' });
    if (!incoming.url?.includes('watch=true')) return void response.end(JSON.stringify(thing));
    response.write(`${JSON.stringify({ type: 'MODIFIED', object: changed })}\n`);
  };
  const following = server.open().follow('configmaps', thing);
  await following.next();
  const reread = await following.next();
  expect(reread.value).toMatchObject({ metadata: { resourceVersion: '1' } });
  const { value } = await following.next();
  expect(value).toMatchObject({ metadata: { resourceVersion: '2' } });
  await following.return(undefined);
  expect(server.requests).toHaveLength(3);
});
