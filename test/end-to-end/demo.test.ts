import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));

test('the demo sees all that it promises', async () => {
  const { stdout, stderr, exitCode } = await execa(process.execPath, [MAIN, 'demo'], {
    reject: false,
    env: { NODE_OPTIONS: '', NO_COLOR: '1' },
  });
  const proof = stdout.split('\n').filter((line) => line.endsWith('│ ✓ │') || line.endsWith('│ ✗ │'));
  expect(proof.filter((line) => line.endsWith('│ ✗ │'))).toEqual([]);
  expect([exitCode, proof.length, stderr.includes('error:')]).toEqual([0, 18, false]);
  for (const said of [
    'Temporal dev server started',
    'wave day (4 tenants) awaits approval',
    'portal (wave day): held',
    'night (wave night): parked until',
  ])
    expect(stdout).toContain(said);
}, 400_000);
