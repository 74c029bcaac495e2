/**
 * `npm run compose:env`: writes the .env that docker-compose.yml reads, for its owner's eyes only. The password is made here and
 * nowhere else: nobody has to think of one, and none is known before. A .env that is there stays as it is: the database has its
 * password. Ends with 64 where the kubeconfig cannot be used.
 */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, statSync, writeFileSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const USAGE = 64;
/** Who the image runs as by itself. */
const IMAGE_USER = '1000:1000';

function main(): void {
  const { folder, kubeconfig } = readArguments();
  const file = join(folder, '.env');
  if (existsSync(file)) {
    chmodSync(file, 0o600);
    say(`${file} is there already, and stays as it is: the database has been made with its password`);
    return;
  }
  const user = userFor(kubeconfig);
  const lines = [
    '# Made by npm run compose:env. The database takes the password when it is made: change both, or neither.',
    `POSTGRES_PASSWORD=${randomBytes(24).toString('base64url')}`,
    `KUBECONFIG_FILE='${kubeconfig}'`,
    `WORKER_USER=${user}`,
  ];
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' });
  say(`${file} is written, for you alone; next: docker compose up -d --wait`);
}

function readArguments(): { readonly folder: string; readonly kubeconfig: string } {
  const checkout = fileURLToPath(new URL('../..', import.meta.url));
  try {
    const { values } = parseArgs({
      options: { kubeconfig: { type: 'string' }, folder: { type: 'string', default: checkout } },
    });
    const named = values.kubeconfig ?? (process.env.KUBECONFIG || join(homedir(), '.kube', 'config'));
    return { folder: values.folder, kubeconfig: resolve(named) };
  } catch (error) {
    return fail(error instanceof Error ? error.message : String(error));
  }
}

/** The worker is who may read the kubeconfig, and never root. */
function userFor(kubeconfig: string): string {
  if (kubeconfig.includes("'")) fail(`${kubeconfig}: a name with a quote in it cannot stand in a .env`);
  const { uid, gid, mode } = statOf(kubeconfig);
  if (uid !== 0) return `${uid}:${gid}`;
  if ((mode & 0o004) === 0) {
    fail(
      `${kubeconfig}: it is readable by root alone, and the worker is not root`,
      `Give it to the one that the worker runs as, and type the same again: chown ${IMAGE_USER} '${kubeconfig}'`,
    );
  }
  return IMAGE_USER;
}

function statOf(kubeconfig: string): Stats {
  const found = statSync(kubeconfig, { throwIfNoEntry: false });
  if (found?.isFile()) return found;
  return fail(`${kubeconfig}: ${found ? 'it is no file' : 'there is no such file'}`);
}

const MAKE_ONE =
  'Make one that holds all it needs, and name it: kubectl config view --raw --flatten > clusters.yaml; ' +
  'npm run compose:env -- --kubeconfig clusters.yaml';

function fail(why: string, next = MAKE_ONE): never {
  process.stderr.write(`compose:env: ${why}\n${next}\n`);
  process.exit(USAGE);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main();
