import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { execa } from 'execa';
import { notPrinted, transcriptOf } from '../support/transcript.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string): string => readFileSync(`${ROOT}/${path}`, 'utf8');
/** The README's part about the demo. */
const tryIt = (readme: string): string => /^## Try it\n.*?^## /ms.exec(readme)?.[0] ?? '';

test('the demo sees all that it promises, and prints what the documents say', async () => {
  const { all, stdout, stderr, exitCode } = await execa(
    process.execPath,
    [`${ROOT}/src/cli/main.ts`, 'demo'],
    { all: true, reject: false, env: { NODE_OPTIONS: '', NO_COLOR: '1' } },
  );
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
  const printed = all.split('\n');
  const transcripts = { 'docs/demo.md': read('docs/demo.md'), 'README.md': tryIt(read('README.md')) };
  for (const [path, text] of Object.entries(transcripts)) {
    const transcript = transcriptOf(text);
    expect(transcript.length).toBeGreaterThan(8);
    expect({ path, notPrinted: notPrinted(transcript, printed) }).toEqual({ path, notPrinted: [] });
  }
}, 400_000);
