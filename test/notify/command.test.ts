import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CloudEvent } from '../../src/notify/cloud-event.ts';
import { deliverOnce } from '../../src/notify/deliver.ts';
import { messageOf } from '../support/notify-message.ts';
import { withEnv } from '../support/with-env.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-test-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function put(name: string, script: string, mode = 0o755): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), mode);
}

const run = (command: string, env: Readonly<Record<string, string>> = {}): Promise<void> =>
  withEnv({ THREESCALE_UPGRADE_COMMANDS: folder, ...env }, () =>
    deliverOnce({ message: messageOf(), receiver: { name: 'pager', command } }),
  );

test('it gets the message on its standard input, and none of our secrets', async () => {
  put('page', `cat > ${folder}/got; env > ${folder}/env`);
  await run('page', { THREESCALE_UPGRADE_NOTIFY_OPS: 'a secret of ours', OF_THE_MACHINE: 'there' });
  const event = JSON.parse(readFileSync(join(folder, 'got'), 'utf8')) as CloudEvent;
  expect(event).toMatchObject({ specversion: '1.0', type: 'threescale-upgrade.fleet.wave-done' });
  expect(readFileSync(join(folder, 'env'), 'utf8')).toContain('OF_THE_MACHINE=there');
  expect(readFileSync(join(folder, 'env'), 'utf8')).not.toContain('a secret of ours');
});

test('one that fails, or reads nothing, is told by how it ended', async () => {
  put('fails', 'echo SECRET >&2; exit 3');
  await expect(run('fails')).rejects.toThrow('the command has ended with 3');
  put('deaf', 'exec 0<&-; exit 0');
  await expect(run('deaf')).resolves.toBeUndefined();
});

test('only what lies in the folder and may be run is a command', async () => {
  put('no-program', 'true', 0o644);
  const none = 'the worker has no command of this name';
  await expect(run('no-program')).rejects.toThrow(none);
  await expect(run('ls')).rejects.toThrow(none);
  await expect(run('../bin/ls')).rejects.toMatchObject({ gone: true });
  await expect(run('touch it')).rejects.toMatchObject({ gone: true });
  expect(existsSync('it')).toBe(false);
});

test('a worker without a folder of commands runs none', async () => {
  put('page', 'true');
  await expect(run('page', { THREESCALE_UPGRADE_COMMANDS: '' })).rejects.toThrow(
    'the worker has no command of this name in its folder of commands (THREESCALE_UPGRADE_COMMANDS)',
  );
});
