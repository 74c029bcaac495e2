/** docs/corrections.md and what a report says of deviations are the same. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { from23To24 } from '../../src/domain/paths/2.3-to-2.4/index.ts';

const DOCUMENT = readFileSync(fileURLToPath(new URL('../../docs/corrections.md', import.meta.url)), 'utf8');

test('each deviation stands in the document as it does in reports', () => {
  const rows = DOCUMENT.split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .replaceAll('`', '')
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const own = (from23To24.deviations ?? []).map(({ guide, documented, trouble, instead, inEndState }) => [
    guide,
    documented,
    trouble,
    `${inEndState ? '**object**: ' : ''}${instead}`,
  ]);
  expect(rows).toEqual(own);
});
