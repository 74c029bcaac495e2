import { expect, test } from '@jest/globals';
import { asFile } from '../../src/desk/acts/applied-file.ts';

const many = `x: &x 1\ny: [${Array<string>(150).fill('*x').join(', ')}]\n`;

test.each([
  'freezes: [{ calendar: /etc/passwd }]\n',
  `${many}freezes: [{ calendar: /etc/passwd }]\n`,
  'key: &key calendar\nfreezes: [{ *key : /etc/passwd }]\n',
  'freezes: [{ "\\x63alendar": /etc/passwd }]\n',
  'waves: [{ freezes: [{ ? calendar : /etc/passwd }] }]\n',
  'freezes: [{ calendar: /etc/passwd }]\nname: a\nname: b\n',
])('a text that names a calendar reads no file of this machine: %j', async (text) => {
  const read: string[] = [];
  const sent = asFile(text, (path) => Promise.resolve(read.push(path)));
  await expect(sent).rejects.toThrow(/names calendars is not taken from a page/);
  expect(read).toEqual([]);
});

test.each(['name: calendar\n', `${many}`, 'name: [', ''])('any other is read: %j', async (text) => {
  await expect(asFile(text, () => Promise.resolve('read'))).resolves.toBe('read');
});
