import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { KubeconfigError, readKubeconfig } from '../../src/openshift/kubeconfig.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-kubeconfig-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

test.each([
  ['taken for an alias', 'password: *S3cret', 'an alias (*…) that leads nowhere'],
  ['taken for the head of a text', 'password: |S3cret', ':3:14 does not parse'],
  ['with an escape that is none', 'password: "\\S3cret"', ':3:14 does not parse'],
  ['that something follows', 'password: "a" S3cret', ':3:17 does not parse'],
])('a password %s is not shown', (_, line, said) => {
  const file = join(folder, 'config');
  writeFileSync(file, `clusters: []\nusers:\n  ${line}\n`);
  const message = (): string => {
    try {
      readKubeconfig(file);
      return 'it was loaded';
    } catch (error) {
      return error instanceof KubeconfigError ? `${error.message} ${error.hint}` : String(error);
    }
  };
  expect(message()).toContain(said);
  expect(message()).not.toContain('S3cret');
});
