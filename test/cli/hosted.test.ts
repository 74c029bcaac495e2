/** What tests are told by a command in a host is what a process of its own says, whatever was called before it. */
import { expect, test } from '@jest/globals';
import { runCli as hosted } from '../support/hosted-cli.ts';
import { runCli as ofItsOwn } from '../support/run-cli.ts';

const AWAY = { TEMPORAL_ADDRESS: '127.0.0.1:1', KUBECONFIG: '/nowhere/kubeconfig' };

test.each([
  ['a result', ['--version']],
  ['a document', ['fleet', 'schema']],
  ['a flag that is none', ['check', '--nonsense']],
  ['an error for a script', ['status', '-c', 'a', '-n', 'b', '-o', 'json']],
  ['an error for a person, by flags that are printed again', ['plan', '-c', 'a', '-n', 'b', '--utc']],
  ['what some take for a line’s end', ['check', '-c', 'a\u2028b', '-n', 'c']],
  ['the same again, without the flags before', ['plan', '-c', 'a', '-n', 'b']],
])('%s', async (_, args) => {
  expect(await hosted(args, AWAY)).toEqual(await ofItsOwn(args, AWAY));
});

test('two at once are told apart', async () => {
  const [version, schema] = await Promise.all([hosted(['--version']), hosted(['fleet', 'schema'])]);
  expect([version, schema]).toEqual([await ofItsOwn(['--version']), await ofItsOwn(['fleet', 'schema'])]);
});
