/** A planted bug that does not fit the sources any more would be found out an hour into the campaign only. */
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { mutate } from '../../torture/build/mutate.ts';
import { BUGS } from '../../torture/planted/bugs.ts';

const ROOT = new URL('../../', import.meta.url);

test.each(BUGS.map(({ name, mutations }) => ({ name, mutations })))(
  'the planted bug $name fits the sources in one place',
  async ({ mutations }) => {
    for (const mutation of mutations) {
      const text = await readFile(new URL(mutation.file, ROOT), 'utf8');
      expect(mutate(text, mutation)).not.toBe(text);
    }
  },
);
