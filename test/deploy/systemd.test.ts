/** deploy/systemd: by systemd itself where it is here, and by what they type. */
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { ROOT } from '../support/compose-file.ts';
import { whyNotTyped } from '../support/parse-command.ts';

const FOLDER = join(ROOT, 'deploy/systemd');
const units = readdirSync(FOLDER);

test('there is a unit for a worker of each site, and one for a machine of its own', () => {
  expect(units).toEqual(['threescale-upgrade-dev.service', 'threescale-upgrade-worker@.service']);
});

test.each(units)('%s types what can be typed, is started again, and runs without rights', async (unit) => {
  const text = readFileSync(join(FOLDER, unit), 'utf8');
  const [, line = ''] = /^ExecStart=\/usr\/bin\/env threescale-upgrade (.*)$/m.exec(text) ?? [];
  expect(await whyNotTyped(line.replaceAll('%i', 'eu').split(' '))).toBeUndefined();
  for (const setting of [
    'Restart=always',
    'StartLimitIntervalSec=0',
    'CapabilityBoundingSet=',
    'NoNewPrivileges=yes',
  ])
    expect(text.split('\n')).toContain(setting);
  expect(text).toMatch(/^User=(?!root$)\S+$/m);
});

test('systemd finds nothing wrong with them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-units-'));
  // Of a template it looks at what is made of it.
  const paths = units.map((unit) => [unit, join(folder, unit.replace('@.', '@eu.'))] as const);
  for (const [unit, path] of paths) copyFileSync(join(FOLDER, unit), path);
  try {
    const verify = ['verify', '--man=no', ...paths.map(([, path]) => path)];
    const { stdout, stderr, failed, code } = await execa('systemd-analyze', verify, { reject: false });
    // Machines without systemd have no such program: the other tests hold there.
    if (code === 'ENOENT') return;
    expect([failed, stdout, stderr]).toEqual([false, '', '']);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
