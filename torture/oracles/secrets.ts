import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RESOURCES } from '../../simulator/resources.ts';
import type { Arena } from '../arena/arena.ts';
import { payloadTexts } from '../arena/payloads.ts';
import type { Tenant } from '../arena/tenant.ts';
import { listAt } from './content.ts';
import type { Violation } from './evidence.ts';

const NAMES = /PASSWORD|TOKEN|SECRET|KEY|DATABASE_URL|ENDPOINT$/;
/** Too short, or too usual, to say anything when found. */
const isTelling = (value: string): boolean =>
  value.length >= 8 && !/^(http:\/\/|3scale_api_user|\{|impersonat|example)/.test(value);

/** No value of a Secret, and no password in env, is in a history, the database's files, or anything a process has said. */
export async function judgeSecrets({ client, worlds, folder, temporal, crew }: Arena): Promise<Violation[]> {
  const values = new Set(worlds.flatMap(({ tenants }) => tenants.flatMap(secretsOf)));
  const patterns = join(folder, 'secrets.txt');
  writeFileSync(patterns, [...values].join('\n'));
  const histories = join(folder, 'histories.txt');
  writeFileSync(histories, (await payloadTexts(client)).join('\n'));
  const found = await grep(patterns, [histories, ...temporal.databaseFiles, ...crew.logs]);
  return found.map((file) => ({ oracle: 'secrets', what: `a secret value is in ${file}` }));
}

function secretsOf({ start }: Tenant): string[] {
  const values: string[] = [];
  for (const [key, object] of start) {
    if (key.startsWith('Secret/'))
      for (const value of Object.values((object['data'] ?? {}) as Record<string, string>))
        values.push(value, Buffer.from(value, 'base64').toString('utf8'));
    if (object.kind !== RESOURCES.deploymentconfigs.kind) continue;
    for (const container of listAt(object.spec, 'template', 'spec', 'containers'))
      for (const { name, value } of listAt(container, 'env'))
        if (typeof value === 'string' && NAMES.test(String(name))) values.push(value);
  }
  return values.filter((value) => isTelling(value) && !value.includes('\n'));
}

/** Files that hold one of the patterns. */
function grep(patterns: string, files: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile('grep', ['-a', '-l', '-F', '-f', patterns, ...files], (error, stdout) => {
      if (error && error.code !== 1) reject(error);
      else resolve(stdout.split('\n').filter((line) => line !== ''));
    });
  });
}
