import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { makeCertificate } from '../../simulator/tls.ts';
import { actor } from '../../src/cli/actor.ts';
import { renderJournal } from '../../src/cli/tenant/render/report.ts';
import { login, viaOf } from '../../src/cli/via.ts';

const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-via-'));
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('who asks is you, on this machine; another name is a claim, and from where it came stands beside it', () => {
  expect(viaOf(login())).toBeUndefined();
  expect(viaOf('olga')).toBe(login());
  const journal = [{ at: 'now', event: 'paused', actor: { by: 'olga', why: 'change 1', via: 'ola@laptop' } }];
  expect(renderJournal(journal)).toContain('| olga | change 1 |  | ola@laptop |');
});

test('the subject of the certificate that Temporal knows the command by is recorded', async () => {
  const { cert, key } = await makeCertificate();
  writeFileSync(join(folder, 'client.pem'), cert);
  writeFileSync(join(folder, 'client.key'), key);
  process.env['TEMPORAL_CONFIG_FILE'] = join(folder, 'none.toml');
  process.env['TEMPORAL_ADDRESS'] = 'temporal.example.com:7233';
  process.env['TEMPORAL_TLS_CLIENT_CERT_PATH'] = join(folder, 'client.pem');
  process.env['TEMPORAL_TLS_CLIENT_KEY_PATH'] = join(folder, 'client.key');
  expect(actor({ by: 'olga', why: 'change 1' }).via).toMatch(/, certificate CN=/);
  expect(actor({ why: 'change 1' }).via).toMatch(/, certificate CN=/);
});

test('a certificate that cannot be read says nothing', () => {
  expect(viaOf('olga', Buffer.from('no certificate'))).toBe(login());
});
