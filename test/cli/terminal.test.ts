import { expect, test } from '@jest/globals';
import { KEYS, Terminal } from '../support/terminal.ts';

const abort = ['fleet', 'abort', 'shops', '--finish', '--why', 'withdrawn'];
const QUESTION = 'End the fleet shops';

test('a terminal shows what a command says, and tells how it ends', async () => {
  const ended = await new Terminal(['start', '--help']).end();
  expect(ended.code).toBe(0);
  expect(ended.said).toContain('Usage: threescale-upgrade start [options]\n');
});

test('a question is answered by what is typed', async () => {
  const terminal = new Terminal(abort);
  await terminal.answers(QUESTION, 'n');
  const ended = await terminal.end();
  expect([ended.code, ended.said]).toEqual([130, expect.stringContaining('Nothing was changed.')]);
});

test('Ctrl-C at a question ends the command', async () => {
  const terminal = new Terminal(abort);
  await terminal.says(QUESTION);
  terminal.type(KEYS.ctrlC);
  expect((await terminal.end()).code).toBe(130);
});
