import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from '@jest/globals';
import { lock } from '../../src/temporal/dev-server/server-lock.ts';
import { TemporalError } from '../../src/temporal/temporal-error.ts';

const HOLDER = fileURLToPath(new URL('../support/lock-holder.ts', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-lock-'));
const path = join(folder, 'server.lock');
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
});

const quiet = { say: () => undefined };

function holder(...args: string[]): ChildProcess {
  return spawn(process.execPath, [HOLDER, path, ...args], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** The number of a process that has been. */
async function past(): Promise<number> {
  const child = spawn(process.execPath, ['--version']);
  await once(child, 'exit');
  return child.pid ?? 0;
}

test.each([
  ['of a process that has gone', async () => String(await past())],
  ['of one that had our own number, as in a container that begins anew', () => String(process.pid)],
  ['that an earlier release has left empty', () => ''],
])('one %s is taken over', async (_, content) => {
  writeFileSync(path, await content());
  const release = await lock(path, quiet);
  expect(readFileSync(path, 'utf8')).toBe(String(process.pid));
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test('one whose taking over was cut short by a kill is taken over all the same, and so is what that has left', async () => {
  for (const left of ['', '.takeover', '.takeover.takeover']) {
    for (const name of readdirSync(folder)) rmSync(join(folder, name));
    for (const file of ['', '.takeover', '.takeover.takeover'].filter((one) => one.length <= left.length))
      writeFileSync(`${path}${file}`, String(await past()));
    const release = await lock(path, { ...quiet, withinMs: 2_000 });
    expect(readFileSync(path, 'utf8')).toBe(String(process.pid));
    release();
    expect(readdirSync(folder)).toEqual([]);
  }
});

test('what somebody else is taking over at this moment is left to them', async () => {
  const other = holder('1', 'waits');
  await once(other.stdout ?? other, 'data');
  const theirs = readFileSync(path, 'utf8');
  writeFileSync(`${path}.takeover`, theirs);
  writeFileSync(path, String(await past()));
  await expect(lock(path, { ...quiet, withinMs: 300 })).rejects.toBeInstanceOf(TemporalError);
  expect(readFileSync(`${path}.takeover`, 'utf8')).toBe(theirs);
  other.kill('SIGKILL');
  await once(other, 'exit');
});

test('within one process, too, it is held once', async () => {
  const release = await lock(path, quiet);
  const order: string[] = [];
  const second = lock(path, quiet).then((releaseSecond) => {
    order.push('second');
    releaseSecond();
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
  order.push('first');
  release();
  await second;
  expect(order).toEqual(['first', 'second']);
});

test('one that somebody holds is not waited for without end: the file is named, and what to type', async () => {
  const other = holder('1', 'waits');
  await once(other.stdout ?? other, 'data');
  const waiting = lock(path, { ...quiet, withinMs: 200 });
  await expect(waiting).rejects.toBeInstanceOf(TemporalError);
  await expect(waiting).rejects.toMatchObject({
    message: expect.stringContaining(`${path} was not let go of`),
    hint: expect.stringContaining(`rm -f ${path}`),
  });
  await expect(waiting).rejects.toThrow(`process ${other.pid ?? 0}`);
  other.kill('SIGKILL');
  await once(other, 'exit');
  (await lock(path, quiet))();
});

test('a process that is told to end leaves none behind', async () => {
  const other = holder('1', 'waits');
  await once(other.stdout ?? other, 'data');
  other.kill('SIGTERM');
  expect(await once(other, 'exit')).toEqual([130, null]);
  expect(existsSync(path)).toBe(false);
});

test('a folder that cannot be written to is said', async () => {
  await expect(lock(join(folder, 'none', 'server.lock'), quiet)).rejects.toThrow('cannot be made: ENOENT');
});

test('many that want it at once, of which some are killed while they have it, never have it together', async () => {
  writeFileSync(path, String(await past()));
  const all = Array.from({ length: 8 }, (_, index) =>
    once(holder('20', index % 2 === 0 ? 'is killed' : 'releases'), 'exit'),
  );
  const ends = (await Promise.all(all)).map(
    ([code, signal]) => (code as number | null) ?? (signal as string),
  );
  expect(ends).toEqual(Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? 'SIGKILL' : 0)));
  expect(readdirSync(folder).filter((name) => name.endsWith('.takeover'))).toEqual([]);
});
