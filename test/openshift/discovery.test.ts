import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi, status } from '../support/scripted-api.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi();
});
afterAll(() => server.close());

const app = (namespace: string): unknown => ({
  metadata: { name: 'system-app', namespace },
  spec: { template: { spec: { containers: [] } } },
});

test('a list that can no longer be continued is read anew, and nothing is in it twice', async () => {
  server.respond = (incoming, response) => {
    const isSecondPage = incoming.url?.includes('continue=') === true;
    if (!isSecondPage) json({ items: [app('one')], metadata: { continue: 'more' } })(incoming, response);
    else if (server.requests.length === 2) status(410)(incoming, response);
    else json({ items: [app('two')] })(incoming, response);
  };
  const found = await server.clusters.discovery('scripted').installations();
  expect(found.map(({ namespace }) => namespace)).toEqual(['one', 'two']);
});
