import { chmodSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { EncryptionError } from '../../src/temporal/codec/encryption-error.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';

/** What is said, message and hint, of a file that is refused. */
function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof EncryptionError) return `${error.message} ${error.hint}`;
    throw error;
  }
  throw new Error('it was taken');
}

test('the first line encrypts, and every line decrypts; comments and empty lines are nothing', () => {
  const keys = new EncryptionKeys(
    writeKeyFile(['# of the team', '', keyLine('2027'), `  ${keyLine('2026')}  `]),
  );
  expect(keys.current?.id).toBe('2027');
  expect(keys.find('2026').id).toBe('2026');
});

test('`off` as the first line: nothing new is encrypted, and the keys below it decrypt', () => {
  const keys = new EncryptionKeys(writeKeyFile(['off', keyLine('2026')]));
  expect(keys.current).toBeUndefined();
  expect(keys.find('2026').id).toBe('2026');
});

test('a key that was added to the file is found without a restart', () => {
  const first = keyLine('first');
  const file = writeKeyFile([first]);
  const keys = new EncryptionKeys(file);
  expect(refusal(() => keys.find('second'))).toContain(
    `key second, which is not in ${file}: add its line "second: …"`,
  );
  writeKeyFile([keyLine('second'), first], file);
  expect(keys.find('second').id).toBe('second');
  expect(keys.current?.id).toBe('second');
});

test('without a file, what is encrypted says which setting it wants', () => {
  const keys = new EncryptionKeys();
  expect(keys.current).toBeUndefined();
  expect(refusal(() => keys.find('2026'))).toContain(
    'set THREESCALE_UPGRADE_KEY_FILE to the file with the line "2026: …"',
  );
});

test.each([
  ['nothing', [], 'line 1 and all others hold no key'],
  ['comments only', ['# none'], 'hold no key'],
  ['`off` alone', ['off'], 'hold no key'],
  ['no id', [': AAAA'], 'line 1 is not "id: base64 of 32 bytes"'],
  ['a short key', [keyLine('k1'), `k2: ${Buffer.alloc(31, 7).toString('base64')}`], 'line 2 is not'],
  ['base64 that is none', [`k1: ${'!'.repeat(44)}`], 'line 1 is not'],
  ['an id that is too long', [keyLine('k'.repeat(41))], 'line 1 is not'],
  ['an id twice', [keyLine('k1'), '', keyLine('k1')], 'line 3 has the id k1 of a line above it'],
  ['`off` further down', [keyLine('k1'), 'off'], 'line 2 is not'],
])('a file with %s is refused, and told how a line is made', (_, lines, said) => {
  const file = writeKeyFile(lines);
  const text = refusal(() => new EncryptionKeys(file));
  expect(text).toContain(said);
  expect(text).toContain('openssl rand -base64 32');
});

test('what is on a wrong line is not repeated: it may be a key', () => {
  const secret = Buffer.alloc(33, 7).toString('base64');
  expect(refusal(() => new EncryptionKeys(writeKeyFile([`k1: ${secret}`])))).not.toContain(secret);
});

test('a file that others can read, or its group write, is refused with what to type', () => {
  const file = writeKeyFile([keyLine('k1')]);
  for (const mode of [0o644, 0o604, 0o660]) {
    chmodSync(file, mode);
    expect(refusal(() => new EncryptionKeys(file))).toContain(`chmod 600 ${file}`);
  }
  // As OpenShift mounts a Secret into a pod.
  chmodSync(file, 0o440);
  expect(new EncryptionKeys(file).current?.id).toBe('k1');
});

test('a file that is not there, is a folder or is too large is refused', () => {
  expect(refusal(() => new EncryptionKeys('/nowhere/keys'))).toContain('ENOENT');
  const folder = writeKeyFile([]).replace(/\/keys$/, '');
  expect(refusal(() => new EncryptionKeys(folder))).toContain('EISDIR');
  expect(refusal(() => new EncryptionKeys(writeKeyFile(['# '.repeat(40_000)])))).toContain('too large');
});
