/** With `-o json` a script finds on stdout what went wrong, whatever it is; people are told on stderr as before. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { CliError } from '../../src/cli/cli-error.ts';
import { asksForJson, reportError } from '../../src/cli/errors.ts';
import type { ExitCode } from '../../src/cli/exit-codes.ts';
import { EXIT } from '../../src/cli/exit-codes.ts';
import { runCli } from '../support/hosted-cli.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-json-'));
  writeFileSync(join(folder, 'tenant.yaml'), 'context: c\nnamespace: n\nonFailure: panic\n');
  writeFileSync(join(folder, 'fleet.yaml'), 'name: prod\ntenants: []\n');
  writeFileSync(
    join(folder, 'kubeconfig.yaml'),
    'apiVersion: v1\nkind: Config\nclusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]\n' +
      'users: [{name: u, user: {token: t}}]\ncontexts: [{name: c, context: {cluster: c, user: u, namespace: n}}]\ncurrent-context: c\n',
  );
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Words, exit code, kind, where, and what is said. */
const CASES: readonly (readonly [string[], number, string, string, string])[] = [
  [['check', '--contxt', 'x'], 64, 'usage', 'threescale-upgrade check', "unknown option '--contxt'"],
  [['upgrade'], 64, 'usage', 'threescale-upgrade upgrade', "unknown command 'upgrade'"],
  [['fleet', 'plan'], 64, 'usage', 'threescale-upgrade fleet plan', "required option '-f, --file <path>'"],
  [['plan', '--window-minutes', 'x', '-c', 'c'], 64, 'usage', 'plan c', "argument 'x' is invalid"],
  [['plan', '-f', 'FOLDER/tenant.yaml'], 64, 'usage', 'FOLDER/tenant.yaml:3', 'onFailure'],
  [['fleet', 'plan', '-f', 'FOLDER/fleet.yaml'], 64, 'usage', 'FOLDER/fleet.yaml:2', 'the fleet is empty'],
  [['pause', '-c', 'c'], 64, 'usage', 'pause c', 'needs a reason'],
  [['check', '-n', 'n'], 6, 'unreachable', 'check n', 'ECONNREFUSED'],
  [['fleet', 'status', 'prod'], 6, 'unreachable', 'fleet status prod', '127.0.0.1:1'],
];

test.each(CASES)('%j: exit code %i, %s', async (words, exitCode, kind, where, said) => {
  const args = words.map((word) => word.replace('FOLDER', folder));
  const env = { KUBECONFIG: join(folder, 'kubeconfig.yaml'), TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const result = await runCli([...args, '-o', 'json'], env);
  expect(result.exitCode).toBe(exitCode);
  expect(JSON.parse(result.stdout)).toEqual({
    error: {
      kind,
      message: expect.stringContaining(said),
      where: where.replace('FOLDER', folder),
      hint: expect.any(String),
      exitCode,
    },
  });
  expect(result.stderr).toContain(said);
});

const codes = Object.values(EXIT).filter((code) => code !== EXIT.ok);

test.each(codes)('exit code %i has a kind of its own', (exitCode: ExitCode) => {
  const said: string[] = [];
  const io = {
    out: (line: string) => said.push(line),
    err: () => undefined,
    interactive: false,
    colors: picocolors.createColors(false),
  };
  const error = new CliError('first\nsecond', { exitCode });
  expect(reportError(error, io, { json: true })).toBe(exitCode);
  const { error: told } = JSON.parse(said.join('')) as { error: { kind: string } };
  expect(told).toMatchObject({ message: 'first\nsecond', hint: null, exitCode });
  expect(told.kind).toMatch(/^[a-z-]+$/);
});

test.each([
  [['check', '-o', 'json'], true],
  [['check', '--output', 'json'], true],
  [['check', '--output=json'], true],
  [['check', '-ojson'], true],
  [['check', '-o', 'text'], false],
  [['check', '-c', 'json'], false],
])('%j asks for JSON: %s', (args, asks) => {
  expect(asksForJson(args)).toBe(asks);
});
