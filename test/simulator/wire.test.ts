import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { LoggedRequest } from '../../simulator/request-log.ts';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';

const CONFIGMAPS = '/api/v1/namespaces/tenant/configmaps';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ empty: true, controlPort: 0 });
});
afterEach(async () => {
  await control('DELETE', 'faults');
});
afterAll(() => simulator.close());

async function control(method: string, what: string, body?: unknown): Promise<unknown> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  const answer = await fetch(`${simulator.control ?? ''}/sim1/${what}`, init);
  expect(answer.status).toBe(200);
  return answer.json();
}

interface Heard {
  readonly status: number;
  readonly text: string;
}

/** What a client hears; `undefined` where the connection is cut, or where it hangs up by itself. */
function send(
  method: string,
  path: string,
  {
    body,
    hangsUp = () => sleep(60_000, undefined, { ref: false }),
  }: { body?: unknown; hangsUp?: (() => Promise<void>) | undefined } = {},
): Promise<Heard | undefined> {
  const { clusters } = parse(simulator.kubeconfig) as { clusters: { cluster: { server: string } }[] };
  return new Promise((resolve) => {
    const outgoing = request(`${clusters[0]?.cluster.server ?? ''}${path}`, {
      method,
      rejectUnauthorized: false,
      agent: false,
      headers: {
        authorization: 'Bearer sim1-admin-token',
        'user-agent': 'us',
        'content-type': 'application/json',
      },
    });
    void hangsUp().then(() => outgoing.destroy());
    outgoing.on('close', () => {
      resolve(undefined);
    });
    outgoing.on('error', () => undefined);
    outgoing.on('response', (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, text });
      });
      incoming.on('error', () => undefined);
    });
    outgoing.end(body === undefined ? '' : JSON.stringify(body));
  });
}

const create = (name: string, hangsUp?: () => Promise<void>): Promise<Heard | undefined> =>
  send('POST', CONFIGMAPS, {
    body: { metadata: { name, annotations: { mark: 'run-1' } }, data: { password: 'secret' } },
    hangsUp,
  });
const isThere = async (name: string): Promise<boolean> =>
  (await send('GET', `${CONFIGMAPS}/${name}`))?.status === 200;
const lastLogged = async (): Promise<LoggedRequest | undefined> =>
  ((await control('GET', 'log')) as LoggedRequest[]).at(-1);
const fault = async (match: unknown, kind: unknown): Promise<string> =>
  ((await control('POST', 'faults', { match, fault: kind })) as { id: string }).id;
/** Until the request of that fault has arrived, however long a machine at work takes over it. */
async function untilHit(id: string): Promise<void> {
  const hits = async (): Promise<number> => ((await control('GET', `faults/${id}`)) as { hits: number }).hits;
  while ((await hits()) === 0) await sleep(10);
}

test('a write whose client has hung up lands late all the same, and the log says so', async () => {
  const id = await fault(
    { method: 'POST', path: 'configmaps$', namespace: 'tenant' },
    { kind: 'latency', ms: 2_000 },
  );
  expect(await create('late', () => untilHit(id))).toBeUndefined();
  expect(await isThere('late')).toBe(false);
  while (!(await isThere('late'))) await sleep(50);
  const entry = await lastLogged();
  expect(entry).toMatchObject({
    ...{
      user: 'sim1-admin',
      userAgent: 'us',
      method: 'POST',
      path: CONFIGMAPS,
      status: 201,
      effective: true,
    },
    ...{ answered: 'lost', faults: ['latency'], annotations: { mark: 'run-1' } },
    changes: ['metadata.name', 'metadata.annotations.mark', 'data.password'],
  });
  expect((entry?.at ?? 0) - (entry?.cameAt ?? 0)).toBeGreaterThan(0);
  expect(JSON.stringify(entry)).not.toContain('secret');
});

test('an answer that is lost, a connection that is cut before, silence, a status: what took effect is told', async () => {
  const kinds = [
    { kind: 'lost-answer' },
    { kind: 'reset' },
    { kind: 'hang' },
    { kind: 'status', code: 503, reason: 'ServiceUnavailable' },
    { kind: 'late-answer', ms: 100 },
  ];
  const seen: unknown[] = [];
  for (const [index, kind] of kinds.entries()) {
    const id = await fault({ method: 'POST', times: 1 }, kind);
    const heard = await create(`c${index}`, kind.kind === 'hang' ? () => untilHit(id) : undefined);
    const { status, effective, answered } = (await lastLogged()) ?? {};
    seen.push([kind.kind, heard?.status, status, effective, answered, await isThere(`c${index}`)]);
  }
  expect(seen).toEqual([
    ['lost-answer', undefined, 201, true, 'lost', true],
    ['reset', undefined, 0, false, 'never', false],
    ['hang', undefined, 0, false, 'never', false],
    ['status', 503, 503, false, 'sent', false],
    ['late-answer', 201, 201, true, 'late', true],
  ]);
});

test('a fault for a while is over by itself', async () => {
  await fault({ forMs: 200 }, { kind: 'status', code: 401, reason: 'Unauthorized' });
  expect((await send('GET', CONFIGMAPS))?.status).toBe(401);
  await new Promise((resolve) => setTimeout(resolve, 250));
  expect((await send('GET', CONFIGMAPS))?.status).toBe(200);
});

test('a read may be of an earlier time', async () => {
  await create('old');
  await new Promise((resolve) => setTimeout(resolve, 400));
  await create('new');
  await send('DELETE', `${CONFIGMAPS}/old`);
  await fault({ method: 'GET', times: 1 }, { kind: 'stale-read', ms: 300 });
  const namesOf = async (): Promise<unknown> => {
    const { items } = JSON.parse((await send('GET', CONFIGMAPS))?.text ?? '{}') as {
      items: { metadata: { name: string } }[];
    };
    return items.map(({ metadata }) => metadata.name).filter((name) => name === 'old' || name === 'new');
  };
  expect(await namesOf()).toEqual(['old']);
  expect(await namesOf()).toEqual(['new']);
});

test('watches are cut, told that they are too old, and compacted away', async () => {
  const watch = (version: string): Promise<Heard | undefined> =>
    send('GET', `${CONFIGMAPS}?watch=true&resourceVersion=${version}`);
  const now = String(simulator.cluster('sim1').store.resourceVersion);
  const open = watch(now);
  await new Promise((resolve) => setTimeout(resolve, 100));
  await control('POST', 'cut-watches');
  expect(await open).toBeUndefined();
  await fault({ times: 1 }, { kind: 'gone' });
  expect((await watch(now))?.text).toContain('"code":410');
  await create('another');
  await control('POST', 'compact');
  expect((await watch(now))?.text).toContain('too old resource version');
});

test('what changes nothing is not effective', async () => {
  await create('same');
  expect((await create('same'))?.status).toBe(409);
  expect(await lastLogged()).toMatchObject({ status: 409, effective: false, answered: 'sent' });
});
