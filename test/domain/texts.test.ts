import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { command } from '../../src/domain/tenant/decisions.ts';
import { markdownCode, markdownText } from '../../src/domain/text/markdown-text.ts';
import { plainDeep, plainText, shownText } from '../../src/domain/text/plain-text.ts';

/** Texts with what terminals and readers obey in them. */
const hostile = fc.string({
  unit: fc.constantFrom(
    ...[
      '\u001b',
      '\u009b',
      '\u009d',
      '[',
      ']',
      '0',
      ';',
      '31m',
      '\u0007',
      '\n',
      '\r',
      '\u2028',
      '\u202e',
      '\u2066',
      '\u200b',
    ],
    ...[
      '\u0000',
      '\u007f',
      '\u0085',
      'a',
      'é',
      '日',
      '😀',
      ' ',
      '\\',
      '`',
      '|',
      '_',
      '*',
      '<b>',
      '](x)',
      '![',
      '#',
      '-',
      '1.',
      '://',
    ],
  ),
});
const OBEYED = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/u;

test('a plain text is one line without anything that is obeyed or not seen; made plain again it is the same', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      const plain = plainText(text);
      expect(plain).not.toMatch(OBEYED);
      expect(plainText(plain)).toBe(plain);
    }),
  );
});

test('what people write stays as it is', () => {
  for (const text of ['change 4711: “größer”, 日本語, 👩‍👩‍👧', 'a|b `c` <d>', 'RAILS_MAX_THREADS=25'])
    expect(plainText(text)).toBe(text);
});

test.each([
  ['\u001b[31mred\u001b[0m', 'red'],
  ['\u001b]0;title\u0007x', 'x'],
  ['\u001b]8;;https://evil\u001b\\link\u001b]8;;\u001b\\', 'link'],
  ['\u009b2Jx', 'x'],
  ['a\r\nb\u2028c\td', 'a b c d'],
  ['nib\u202egpj.exe', 'nibgpj.exe'],
  ['\u001bcx', 'x'],
])('%j is said as %j', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

test('the texts in a value, not its keys, and nothing but plain objects', () => {
  const map = new Map([['a', '\u001b[1m']]);
  expect(plainDeep({ a: ['x\u0007'], b: { c: 1, d: null }, map })).toEqual({
    a: ['x'],
    b: { c: 1, d: null },
    map,
  });
});

test('shown on a terminal nothing is obeyed; a JSON document means the same', () => {
  fc.assert(
    fc.property(hostile, (text) => {
      expect(shownText(text).replaceAll(/[\n\t]/g, '')).not.toMatch(OBEYED);
      const document = JSON.stringify({ text }, undefined, 2);
      expect(JSON.parse(shownText(document))).toEqual({ text });
    }),
  );
  expect(shownText('\u001b[32mok\u001b[39m \u001b[8mhidden', (part) => part === '\u001b[32m')).toBe(
    '\u001b[32mok\\u001b[39m \\u001b[8mhidden',
  );
});

test.each([
  ['a|b', 'a\\|b'],
  ['<img src=x onerror=y>', '\\<img src=x onerror=y\\>'],
  ['![x](http://evil/p.png)', '!\\[x\\](http\\://evil/p.png)'],
  ['[go](javascript:x)', '\\[go\\](javascript:x)'],
  ['`rm -rf`', '\\`rm -rf\\`'],
  ['# head', '\\# head'],
  ['- item', '\\- item'],
  ['1. item', '1\\. item'],
  ['&lt;', '\\&lt;'],
  ['**b** _i_ RAILS_MAX_THREADS', '\\*\\*b\\*\\* \\_i\\_ RAILS_MAX_THREADS'],
  ['www.evil.com', 'www\\.evil.com'],
  ['one\ntwo', 'one two'],
  ['dc/system-app: rollout 3 failed', 'dc/system-app: rollout 3 failed'],
])('in Markdown %j is written %j', (text, markdown) => {
  expect(markdownText(text)).toBe(markdown);
});

test('code on a line ends where it ends', () => {
  expect(markdownCode('a')).toBe('`a`');
  expect(markdownCode('`')).toBe('`` ` ``');
  expect(markdownCode('a```b')).toBe('````a```b````');
});

test('a command to type means what it says, whatever a context is called', () => {
  const tenant = { cluster: 'c', context: "a; rm -rf ~ '", namespace: 'shop' };
  expect(command(tenant, 'status')).toBe(
    `threescale-upgrade status --context 'a; rm -rf ~ '\\''' --namespace shop`,
  );
});
