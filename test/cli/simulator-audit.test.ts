import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { CliProcess } from '../support/cli-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-audit-'));
const processes: CliProcess[] = [];
afterAll(() => {
  for (const { child } of processes) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

function simulator(...args: string[]): CliProcess {
  const started = new CliProcess(['simulator', '--kubeconfig', join(folder, 'sim.yaml'), ...args]);
  processes.push(started);
  return started;
}

test('the simulator gives its audit log out, to look at only', async () => {
  const running = simulator('--audit-port', '0');
  await running.says('audit: ');
  const [, url = ''] = /audit: (\S+)/.exec(running.said) ?? [];
  const ask = async (path: string, method = 'GET'): Promise<[number, unknown]> => {
    const response = await fetch(url + path, { method });
    return [response.status, await response.json()];
  };
  const [status, writes] = await ask('/sim1/writes?namespace=tenant-1');
  expect([status, new Set((writes as { writer: string }[]).map(({ writer }) => writer))]).toEqual([
    200,
    new Set(['installer']),
  ]);
  expect(await ask('/sim1/writes?namespace=nowhere')).toEqual([200, []]);
  expect(await ask('/sim1/written-twice?namespace=nowhere')).toEqual([200, []]);
  expect(await ask('/sim1/rollouts?namespace=nowhere')).toEqual([200, {}]);
  expect(await ask('/sim1/requests?namespace=nowhere')).toEqual([200, { reads: 0, writes: 0 }]);
  for (const [path, method] of [
    ['/sim9/writes', 'GET'],
    ['/sim1/constructor', 'GET'],
    ['/sim1/writes', 'DELETE'],
  ])
    expect((await ask(path ?? '', method))[0]).toBe(404);
  expect(await running.kill('SIGTERM')).toMatchObject({ code: 0 });
});

test.each(['--port', '--control-port', '--audit-port'])(
  'a port that is taken is one error: %s',
  async (flag) => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const { port } = taken.address() as AddressInfo;
    const ended = await simulator(flag, String(port)).ended;
    taken.close();
    expect(ended.code).toBe(64);
    expect(ended.said).toContain(`port ${port} of 127.0.0.1 is taken\nName another one with ${flag};`);
  },
);

test.each([
  [['--port', '65535', '--clusters', '2'], '--port 65535: 2 clusters have no room from there on'],
  [['--port', '65536'], 'Use a port, 0 to 65535.'],
  [['--control-port', '65536'], 'Use a port, 0 to 65535.'],
  [['--audit-port', '65536'], 'Use a port, 0 to 65535.'],
])('a port that is none is one error: %s', async (flags, said) => {
  const ended = await simulator(...flags).ended;
  expect([ended.code, ended.said]).toEqual([64, expect.stringContaining(said)]);
});
