import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runCli } from '../support/run-cli.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-faults-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  ['as it is typed', 'rollout-breaks=zync', 'Use one of: rollout-fails=zync:2'],
  ['in what it is about', 'rollout-fails=tenant-1/zink:2', 'there is no DeploymentConfig called zink'],
])('a fault that is wrong %s is one error, and nothing is started', async (_, fault, says) => {
  const kubeconfig = join(folder, 'sim.yaml');
  const { exitCode, stderr, stdout } = await runCli([
    'simulator',
    '--kubeconfig',
    kubeconfig,
    '--fault',
    'rollout-fails=zync:2',
    '--fault',
    fault,
  ]);
  expect([exitCode, stdout]).toEqual([64, '']);
  expect(stderr).toContain(says);
  expect(stderr).toContain('--help');
  expect(stderr.match(/error:/g)).toHaveLength(1);
  expect(existsSync(kubeconfig)).toBe(false);
});
