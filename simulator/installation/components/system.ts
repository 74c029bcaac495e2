import type { Component, Context } from '../component.ts';
import {
  claim,
  configFiles,
  env,
  exec,
  http,
  mount,
  port,
  portAnswers,
  resources,
  tcp,
  until,
} from '../pieces.ts';
import type { Doc } from '../pieces.ts';
import { redis, REDIS_CHECK } from './backend.ts';
import {
  databaseUrl,
  MASTER_ANSWERS,
  masterAnswers,
  systemEnvironment,
  zyncAnswers,
} from './system-environment.ts';

const image = 'amp-system:latest';
const ROLLING = { rollingSeconds: 1200 } as const;
const STORAGE = mount('system-storage', '/opt/system/public/system');
const CONFIG = mount('system-config', '/opt/system-extra-configs');
const CONFIG_VOLUME = configFiles('system-config', 'system', ['zync.yml', 'rolling_updates.yml']);

export function system(context: Context): Component[] {
  return [app(context), sidekiq(context), resque(context), sphinx(context), ...stores(context)];
}

/** The three portals listen on a port each, under their own name. */
function app(context: Context): Component {
  const environment = env(systemEnvironment(context));
  const portal = (name: string, number: number, mode: readonly string[]): Doc => ({
    name: `system-${name}`,
    args: [
      ...['env', ...mode, `PORT=${number}`],
      ...['container-entrypoint', 'bundle', 'exec', 'unicorn', '-c', 'config/unicorn.rb'],
    ],
    env: environment,
    resources: resources('50m..1', '600Mi..800Mi'),
    livenessProbe: tcp(name, { delay: 40, every: 10, timeout: 10, failures: 40 }),
    readinessProbe: http('/check.txt', name, { delay: 60, every: 30, timeout: 10, failures: 10 }, [
      { name: 'X-Forwarded-Proto', value: 'https' },
    ]),
    ports: [port(number, name)],
    volumeMounts: [name === 'developer' ? { ...STORAGE, readOnly: true } : STORAGE, CONFIG],
  });
  const rake = (task: string, more: Doc = {}): Doc => ({
    containerName: 'system-master',
    command: ['bash', '-c', `bundle exec rake boot openshift:${task}`],
    ...more,
  });
  const token = context.parameters.secrets.masterAccessToken;
  return {
    name: 'system-app',
    part: ['system', 'app'],
    strategy: ROLLING,
    hooks: {
      pre: {
        failurePolicy: 'Retry',
        execNewPod: rake(`deploy MASTER_ACCESS_TOKEN="${token}"`, {
          env: environment,
          volumes: ['system-storage'],
        }),
      },
      post: { failurePolicy: 'Abort', execNewPod: rake('post_deploy') },
    },
    image,
    rolls: ['system-provider', 'system-developer', 'system-master'],
    containers: [
      portal('master', 3002, ['TENANT_MODE=master']),
      portal('provider', 3000, ['TENANT_MODE=provider']),
      portal('developer', 3001, []),
    ],
    volumes: [claim('system-storage'), CONFIG_VOLUME],
  };
}

function sidekiq(context: Context): Component {
  return {
    name: 'system-sidekiq',
    part: ['system', 'sidekiq'],
    strategy: ROLLING,
    image,
    waits: {
      name: 'check-svc',
      command: until(portAnswers('backend-redis', 6379), masterAnswers, zyncAnswers),
    },
    containers: [
      {
        name: 'system-sidekiq',
        args: ['rake', 'sidekiq:worker', 'RAILS_MAX_THREADS=25'],
        env: env(systemEnvironment(context)),
        resources: resources('100m..1', '500Mi..2Gi'),
        volumeMounts: [STORAGE, mount('system-tmp', '/tmp'), CONFIG],
      },
    ],
    volumes: [{ name: 'system-tmp', emptyDir: { medium: 'Memory' } }, claim('system-storage'), CONFIG_VOLUME],
  };
}

function resque(context: Context): Component {
  const environment = env(systemEnvironment(context));
  const job = (task: string): Doc => ({ args: ['rake', `resque:${task}`, 'QUEUE=*'], env: environment });
  return {
    name: 'system-resque',
    part: ['system', 'resque'],
    strategy: ROLLING,
    image,
    waits: MASTER_ANSWERS,
    containers: [
      {
        name: 'system-resque',
        ...job('work'),
        resources: resources('100m..150m', '300Mi..450Mi'),
        volumeMounts: [STORAGE],
      },
      { name: 'system-scheduler', ...job('scheduler'), resources: resources('50m..150m', '200Mi..250Mi') },
    ],
    volumes: [claim('system-storage')],
  };
}

function sphinx(context: Context): Component {
  return {
    name: 'system-sphinx',
    part: ['system', 'sphinx'],
    strategy: ROLLING,
    image,
    waits: MASTER_ANSWERS,
    containers: [
      {
        name: 'system-sphinx',
        args: ['rake', 'openshift:thinking_sphinx:start'],
        env: env({
          RAILS_ENV: 'production',
          DATABASE_URL: databaseUrl(context),
          THINKING_SPHINX_ADDRESS: '0.0.0.0',
          THINKING_SPHINX_CONFIGURATION_FILE: 'db/sphinx/production.conf',
          THINKING_SPHINX_PID_FILE: 'db/sphinx/searchd.pid',
          DELTA_INDEX_INTERVAL: '5',
          FULL_REINDEX_INTERVAL: '60',
        }),
        resources: resources('80m..1', '250Mi..512Mi'),
        livenessProbe: tcp(9306, { delay: 60, every: 10 }),
        volumeMounts: [mount('system-sphinx-database', '/opt/system/db/sphinx')],
      },
    ],
    volumes: [{ name: 'system-sphinx-database', emptyDir: {} }],
  };
}

function stores({ parameters, images }: Context): Component[] {
  const { mysqlPassword, mysqlRootPassword } = parameters.secrets;
  return [
    {
      name: 'system-memcache',
      part: ['system', 'memcache'],
      strategy: { rollingSeconds: 600 },
      containers: [
        {
          name: 'memcache',
          image: images.memcached,
          command: ['memcached', '-m', '64'],
          resources: resources('50m..250m', '64Mi..96Mi'),
          livenessProbe: tcp(11211, { delay: 10, every: 10 }),
          readinessProbe: exec(['sh', '-c', 'echo version | nc $HOSTNAME 11211 | grep VERSION'], {
            delay: 10,
            every: 30,
            timeout: 5,
          }),
        },
      ],
    },
    redis('system', images.redis, {
      resources: resources('150m..500m', '256Mi..32Gi'),
      livenessProbe: tcp(6379, { delay: 10, every: 5 }),
      readinessProbe: exec(REDIS_CHECK, { delay: 30, every: 10, timeout: 5 }),
    }),
    {
      name: 'system-mysql',
      part: ['system', 'mysql'],
      strategy: 'recreate',
      containers: [
        {
          name: 'system-mysql',
          image: images.mysql,
          env: env({
            MYSQL_USER: 'mysql',
            MYSQL_PASSWORD: mysqlPassword,
            MYSQL_DATABASE: 'system',
            MYSQL_ROOT_PASSWORD: mysqlRootPassword,
            MYSQL_LOWER_CASE_TABLE_NAMES: '1',
            MYSQL_DEFAULTS_FILE: '/etc/my-extra/my.cnf',
          }),
          resources: resources('250m', '512Mi..2Gi'),
          livenessProbe: tcp(3306, { delay: 30, every: 10 }),
          readinessProbe: exec(
            [
              ...['/bin/sh', '-i', '-c'],
              `MYSQL_PWD="$MYSQL_PASSWORD" mysql -h 127.0.0.1 -u $MYSQL_USER -D $MYSQL_DATABASE -e 'SELECT 1'`,
            ],
            { delay: 10, every: 30, timeout: 5 },
          ),
          ports: [port(3306)],
          volumeMounts: [
            mount('mysql-storage', '/var/lib/mysql/data'),
            mount('mysql-extra-conf', '/etc/my-extra.d'),
            mount('mysql-main-conf', '/etc/my-extra'),
          ],
        },
      ],
      volumes: [
        claim('mysql-storage'),
        configFiles('mysql-extra-conf', 'mysql-extra-conf'),
        configFiles('mysql-main-conf', 'mysql-main-conf'),
      ],
    },
  ];
}
