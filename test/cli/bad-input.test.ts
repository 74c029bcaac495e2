import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pMap from 'p-map';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { makeCertificate } from '../../simulator/tls.ts';
import { runCli } from '../support/hosted-cli.ts';
import { MAIN } from '../support/run-cli.ts';

let folder: string;
let simulator: Simulator;
let kubeconfig: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-cli-'));
  simulator = await startSimulator({ tenants: 1 });
  kubeconfig = join(folder, 'kubeconfig.yaml');
  await simulator.writeKubeconfig(kubeconfig);
  await simulator.install('sim1', 'older', { release: '2.2.0' });
  write('broken.yaml', 'apiVersion: v1\nclusters: [\n');
  write(
    'tenant.yaml',
    'context: sim1\nnamespace: tenant-1\nwindows:\n  - opens: "0 22 * * 6"\n    duration: 240\n    zone: Europe/Berlin\n',
  );
  write('namespace.yaml', 'context: sim1\nnamespace: x/../y\n');
  write('image.yaml', 'context: sim1\nnamespace: tenant-1\nimages:\n  system: "not an image"\n');
  write('template.yaml', 'kind: ConfigMap\n');
  const { cert, key } = await makeCertificate();
  const html = createServer({ cert, key }, (_, response) => {
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><h1>Sign in</h1>');
  });
  await new Promise<void>((resolve) => html.listen(0, '127.0.0.1', resolve));
  closeHtml = () => html.close();
  const { port } = html.address() as AddressInfo;
  write(
    'html.yaml',
    `apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {server: "https://127.0.0.1:${port}", certificate-authority-data: ${Buffer.from(cert).toString('base64')}}\nusers:\n- name: u\n  user: {token: t}\ncontexts:\n- name: html\n  context: {cluster: c, user: u, namespace: n}\ncurrent-context: html\n`,
  );
  write(
    'gone.yaml',
    'apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {server: "https://127.0.0.1:1"}\nusers:\n- name: u\n  user: {token: t}\ncontexts:\n- name: gone\n  context: {cluster: c, user: u, namespace: n}\ncurrent-context: gone\n',
  );
});
let closeHtml = (): unknown => undefined;
afterAll(async () => {
  closeHtml();
  await simulator.close();
  rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string): void => {
  writeFileSync(join(folder, name), text);
};

const tenant = ['--context', 'sim1', '--namespace', 'tenant-1'];

/** Command line (KUBECONFIG and FOLDER stand for themselves), exit code, and what must be said. */
const CASES: readonly (readonly [
  name: string,
  args: readonly string[],
  exitCode: number,
  ...said: string[],
])[] = [
  ['no command', [], 64, 'Usage:'],
  ['an unknown command', ['upgrade'], 64, "unknown command 'upgrade'"],
  ['an unknown flag', ['check', '--contxt', 'x'], 64, "unknown option '--contxt'", '--context'],
  ['an unknown context', ['check', '--context', 'prod'], 64, 'no context prod', 'sim1', '--context'],
  [
    'an unknown namespace',
    ['check', '--context', 'sim1', '--namespace', 'nowhere'],
    3,
    'namespace nowhere is not there',
    'oc projects',
  ],
  ['no namespace', ['check', '--context', 'sim1'], 64, 'no namespace is named', '--namespace'],
  ...['x/../y', 'a?b', 'a%2fb', 'Shop', 'a.b'].map(
    (name) =>
      [
        `a namespace ${name}`,
        ['check', '--context', 'sim1', '--namespace', name],
        64,
        'is no name of a project',
        '--namespace',
      ] as const,
  ),
  [
    'a namespace that is none, in a tenant file',
    ['check', '-f', 'FOLDER/namespace.yaml'],
    64,
    'namespace.yaml',
    'is no name of a project',
  ],
  [
    'a Secret that is none',
    ['check', ...tenant, '--impersonation-secret', '../routes/x'],
    64,
    'is no name of a Secret',
  ],
  [
    'a component that there is not',
    ['check', ...tenant, '--leave', 'apicast'],
    64,
    'It is no component; there are system-app',
  ],
  [
    'a component both to follow and to be left',
    ['check', ...tenant, '--leave', 'zync', '--follow', 'zync'],
    64,
    'it can be only one of them',
  ],
  [
    'what migrates, left',
    ['plan', ...tenant, '--leave', 'system-app'],
    64,
    'it migrates the database of the others, and cannot be left',
  ],
  [
    'one taken along, beside nothing',
    ['check', ...tenant, '--take-along', 'second-gateway'],
    64,
    'Use name=component, such as second-gateway=apicast-production',
  ],
  [
    'a stream that the path does not tag',
    ['check', ...tenant, '--replace-latest', 'system'],
    64,
    'is no image stream of the path; there are amp-system',
  ],
  ['an unknown path', ['plan', ...tenant, '--path', '2.3-2.9'], 64, 'no upgrade path 2.3-2.9', '2.3-2.4'],
  [
    'a kubeconfig that is not there',
    ['check', '--kubeconfig', 'FOLDER/none.yaml', ...tenant],
    64,
    'there is no kubeconfig at',
    '--kubeconfig',
  ],
  [
    'a kubeconfig that does not parse',
    ['check', '--kubeconfig', 'FOLDER/broken.yaml', ...tenant],
    64,
    'broken.yaml:3:1 does not parse',
  ],
  [
    'an expired token',
    ['check', '--context', 'sim1-expired', '--namespace', 'tenant-1'],
    6,
    '401',
    'oc login',
  ],
  [
    'no permission',
    ['check', '--context', 'sim1-nobody', '--namespace', 'tenant-1'],
    3,
    'sim1-nobody/tenant-1: could not be looked at; blocked\n',
    'not allowed in tenant-1: get namespaces; ',
    '; patch deploymentconfigs (apps.openshift.io) of ',
    'threescale-upgrade rbac -n tenant-1 --bind-user NAME | oc apply -f -',
  ],
  [
    'a version that is not 2.3',
    ['check', '--context', 'sim1', '--namespace', 'older'],
    3,
    'the version is 2.2.0',
    'Bring it to 2.3',
  ],
  [
    'a window that never opens',
    ['plan', ...tenant, '--window-opens', '0 3 30 2 *', '--window-minutes', '240', '--window-zone', 'UTC'],
    64,
    'never opens: there is no such day in its month',
    '0 3 30 2 *',
  ],
  [
    'a window that is too short',
    ['plan', ...tenant, '--window-opens', '0 3 * * *', '--window-minutes', '5', '--window-zone', 'UTC'],
    64,
    'stays open for the 60 minutes needed',
  ],
  [
    'an unknown time zone',
    [
      'plan',
      ...tenant,
      '--window-opens',
      '0 3 * * *',
      '--window-minutes',
      '240',
      '--window-zone',
      'Europe/Bärlin',
    ],
    64,
    'no known time zone',
    'Europe/Berlin',
  ],
  ['half a window', ['plan', ...tenant, '--window-opens', '0 3 * * *'], 64, 'need each other'],
  [
    'a username of 41 characters',
    ['plan', ...tenant, '--impersonation-username', 'u'.repeat(41), '--impersonation-domain', 'example.com'],
    64,
    '41 characters',
  ],
  [
    'a username with a comma',
    ['plan', ...tenant, '--impersonation-username', 'a,b', '--impersonation-domain', 'example.com'],
    64,
    'comma',
  ],
  [
    'a username without a domain',
    ['plan', ...tenant, '--impersonation-username', 'a'],
    64,
    'need each other',
  ],
  [
    'an image reference that is none',
    ['plan', ...tenant, '--image', 'system=http://not an image'],
    64,
    'no image reference',
    '--image system=',
  ],
  [
    'an image that is none of ours',
    ['plan', ...tenant, '--image', 'apache=x'],
    64,
    'no such image',
    'system, apicast',
  ],
  [
    'a template that is none',
    ['simulator', '--kubeconfig', 'FOLDER/out.yaml', '--template', 'FOLDER/template.yaml'],
    64,
    'no OpenShift Template',
  ],
  [
    'a template that is not there',
    ['simulator', '--kubeconfig', 'FOLDER/out.yaml', '--template', 'FOLDER/none.yaml'],
    64,
    'there is no template at',
  ],
  ['a server that answers HTML', ['check', '--kubeconfig', 'FOLDER/html.yaml'], 6, 'answered 200 with HTML'],
  ['a cluster that does not answer', ['check', '--kubeconfig', 'FOLDER/gone.yaml'], 6, 'ECONNREFUSED'],
  [
    'a tenant file with a wrong key',
    ['plan', '-f', 'FOLDER/tenant.yaml'],
    64,
    'tenant.yaml:4',
    'durationMinutes',
  ],
  [
    'a tenant file with a wrong image',
    ['plan', '-f', 'FOLDER/image.yaml'],
    64,
    'image.yaml:4: images.system',
    'no image reference',
  ],
  [
    'a tenant file that is not there',
    ['plan', '-f', 'FOLDER/none.yaml'],
    64,
    'none.yaml cannot be read: ENOENT',
  ],
  ['a wrong policy', ['plan', ...tenant, '--on-failure', 'panic'], 64, 'Use revert or hold'],
  ['a message without a reason', ['pause', ...tenant], 64, 'needs a reason', '--why'],
  ['a Temporal that is not there', ['status', ...tenant], 6, '127.0.0.1:1', 'TEMPORAL_ADDRESS'],
];

test.each(CASES)('%s: one clear error, nothing changed', async (_, args, exitCode, ...said) => {
  const cluster = simulator.cluster('sim1');
  const writes = cluster.audit.writes().length;
  const real = args.map((argument) => argument.replace('FOLDER', folder));
  const result = await runCli(real, { KUBECONFIG: kubeconfig, TEMPORAL_ADDRESS: '127.0.0.1:1' });
  const text = result.stdout + result.stderr;
  for (const part of said) expect(text).toContain(part);
  expect(text).not.toMatch(/\n {4}at /);
  expect(result.exitCode).toBe(exitCode);
  expect(cluster.audit.writes()).toHaveLength(writes);
});

test('a reader that has seen enough, such as head, is no error', async () => {
  const writes = spawn(process.execPath, [MAIN, 'fleet', 'schema'], {
    env: { ...process.env, NODE_OPTIONS: '' },
  });
  writes.stdout.destroy();
  let said = '';
  writes.stderr.on('data', (chunk) => (said += String(chunk)));
  const [exitCode] = (await once(writes, 'close')) as [number];
  expect([exitCode, said]).toEqual([0, '']);
});

test('every command explains itself, with an example', async () => {
  const { stdout } = await runCli(['--help']);
  const names = [...stdout.matchAll(/^ {2}([a-z-]+) \[options\]/gm)].map(([, name]) => name ?? '');
  expect(names).toEqual(expect.arrayContaining(['check', 'plan', 'start', 'skip-step', 'demo']));
  const helps = await pMap(names, (name) => runCli([name, '--help']), { concurrency: 4 });
  for (const { stdout: help, exitCode } of helps) {
    expect(exitCode).toBe(0);
    expect(help).toMatch(/Examples?:\n {2}/);
  }
});
