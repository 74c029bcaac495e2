/** A result that cannot be written is no crash of ours, and nobody takes it for whole. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { MAIN } from '../support/run-cli.ts';

/** A command whose results go to a disk without any space left. */
function onFullDisk({ errorsToo }: { readonly errorsToo: boolean }): {
  readonly status: number | null;
  readonly stderr: string | null;
} {
  const full = openSync('/dev/full', 'w');
  try {
    return spawnSync(process.execPath, [MAIN, 'rbac', '-n', 'shop'], {
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '', NO_COLOR: '1' },
      stdio: ['ignore', full, errorsToo ? full : 'pipe'],
    });
  } finally {
    closeSync(full);
  }
}

test('an output on a disk that is full is said in one line, and is no success', () => {
  const { status, stderr } = onFullDisk({ errorsToo: false });
  expect(stderr).toBe('error: the output cannot be written (ENOSPC): what it says from here on is lost\n');
  expect(status).toBe(130);
});

test('where errors go to the same disk, it ends as well', () => {
  expect(onFullDisk({ errorsToo: true }).status).toBe(130);
});
