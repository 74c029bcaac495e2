/** A result that cannot be written is no crash of ours, and nobody takes it for whole. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { openLab } from '../support/lab.ts';
import { MAIN } from '../support/run-cli.ts';

const RBAC = ['rbac', '-n', 'shop'];

/** A command whose results go to a disk without any space left. */
function onFullDisk(
  args: readonly string[],
  { errorsToo }: { readonly errorsToo: boolean },
): {
  readonly status: number | null;
  readonly stderr: string | null;
} {
  const full = openSync('/dev/full', 'w');
  try {
    return spawnSync(process.execPath, [MAIN, ...args], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['ignore', full, errorsToo ? full : 'pipe'],
    });
  } finally {
    closeSync(full);
  }
}

test('an output on a disk that is full is said in one line, and is no success', () => {
  const { status, stderr } = onFullDisk(RBAC, { errorsToo: false });
  expect(stderr).toBe('error: the output cannot be written (ENOSPC): what it says from here on is lost\n');
  expect(status).toBe(130);
});

test('where errors go to the same disk, it ends as well', () => {
  expect(onFullDisk(RBAC, { errorsToo: true }).status).toBe(130);
});

test('the exit code of what acts says what came of it: only its log is lost', async () => {
  const lab = await openLab({ worker: false });
  try {
    await lab.simulator.install('sim1', 'shop');
    const start = [
      'start',
      '--kubeconfig',
      lab.kubeconfig,
      '-c',
      'sim1',
      '-n',
      'shop',
      '--yes',
      '--why',
      'x',
    ];
    const { status, stderr } = await onFullDiskLater(start);
    expect(stderr).toContain('the output cannot be written (ENOSPC)');
    expect(status).toBe(0);
    // A script that has asked for a document must not take it for one.
    expect((await onFullDiskLater([...start, '-o', 'json'])).status).toBe(130);
  } finally {
    await lab.close();
  }
}, 240_000);

/** The same beside clusters that this process simulates. */
async function onFullDiskLater(args: readonly string[]): Promise<{ status: number | null; stderr: string }> {
  const full = openSync('/dev/full', 'w');
  try {
    const child = spawn(process.execPath, [MAIN, ...args], {
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['ignore', full, 'pipe'],
    });
    if (!child.stderr) throw new Error('nobody hears its errors');
    const ended = once(child, 'close');
    const stderr = await text(child.stderr);
    await ended;
    return { status: child.exitCode, stderr };
  } finally {
    closeSync(full);
  }
}
