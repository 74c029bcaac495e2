/** A command ends with a code that docs/cli.md names, also where what it waits for can never come. */
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { MAIN, runCli } from '../support/run-cli.ts';

/** Node would end with 13 here, and a warning about its own modules. */
const MUTE = 'data:text/javascript,process.stdout.write=()=>true';

test('what can never come is a fault of ours, and is said to be', async () => {
  const { exitCode, stderr } = await execa(process.execPath, ['--import', MUTE, MAIN, 'list', '--help'], {
    reject: false,
    env: { NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('This is a bug of the tool: report it.')]);
});

test('a simulator of no clusters is refused', async () => {
  const { exitCode, stderr } = await runCli(['simulator', '--kubeconfig', '/dev/null', '--clusters', '0']);
  expect([exitCode, stderr]).toEqual([64, expect.stringContaining("argument '0' is invalid")]);
});
