/** A deletion of an object as it was seen: an edit in between is a conflict, also where the API knows no such precondition. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { WriteFence } from '../../src/openshift/tenant-api.ts';
import type { ScriptedApi } from '../support/scripted-api.ts';
import { json, openScriptedApi } from '../support/scripted-api.ts';

let server: ScriptedApi;
beforeAll(async () => {
  server = await openScriptedApi();
});
afterAll(() => server.close());
beforeEach(() => {
  server.requests.length = 0;
});

const SEEN = { uid: 'u', resourceVersion: '7' };
const methods = (): string[] => server.requests.map((request) => request.split(' ')[0] ?? '');

test('as it was seen, it is deleted', async () => {
  server.respond = json({ metadata: { name: 'one', resourceVersion: '7' } });
  expect(await server.open().delete('routes', 'one', SEEN)).toBe(true);
  expect(methods()).toEqual(['GET', 'DELETE']);
});

test('edited while the fence waits, nothing is sent', async () => {
  let version = '7';
  server.respond = (incoming, response) =>
    json({ metadata: { name: 'one', resourceVersion: version } })(incoming, response);
  const fence: WriteFence = {
    isOpen: true,
    pass: () => {
      version = '8';
      return Promise.resolve();
    },
  };
  const deleting = server.open().fencedBy(fence).delete('routes', 'one', SEEN);
  await expect(deleting).rejects.toMatchObject({ kind: 'Conflict', unsure: false });
  expect(methods()).toEqual(['GET']);
});

test('of which only the uid is named, it is not looked at', async () => {
  server.respond = json({});
  await server.open().delete('routes', 'one', { uid: 'u' });
  expect(methods()).toEqual(['DELETE']);
});
