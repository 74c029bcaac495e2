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
import type { Doc, Environment } from '../pieces.ts';

const REDIS: Environment = {
  CONFIG_REDIS_PROXY: 'redis://backend-redis:6379/0',
  CONFIG_REDIS_SENTINEL_HOSTS: '',
  CONFIG_REDIS_SENTINEL_ROLE: '',
  CONFIG_QUEUES_MASTER_NAME: 'redis://backend-redis:6379/1',
  CONFIG_QUEUES_SENTINEL_HOSTS: '',
  CONFIG_QUEUES_SENTINEL_ROLE: '',
  RACK_ENV: 'production',
};
const image = 'amp-backend:latest';
const waits = { name: 'backend-redis-svc', command: until(portAnswers('backend-redis', 6379)) };

export function backend({ parameters, images }: Context): Component[] {
  const { backendPassword, backendSharedSecret } = parameters.secrets;
  return [
    {
      name: 'backend-cron',
      part: ['backend', 'cron'],
      strategy: { rollingSeconds: 1200 },
      image,
      waits,
      containers: [
        {
          name: 'backend-cron',
          args: ['backend-cron'],
          env: env(REDIS),
          resources: resources('50m..150m', '40Mi..80Mi'),
        },
      ],
    },
    {
      name: 'backend-listener',
      part: ['backend', 'listener'],
      strategy: { rollingSeconds: 600 },
      image,
      containers: [
        {
          name: 'backend-listener',
          args: ['bin/3scale_backend', 'start', '-e', 'production', '-p', '3000', '-x', '/dev/stdout'],
          env: env({
            ...REDIS,
            CONFIG_INTERNAL_API_USER: '3scale_api_user',
            CONFIG_INTERNAL_API_PASSWORD: backendPassword,
            PUMA_WORKERS: '16',
          }),
          resources: resources('500m..1', '550Mi..700Mi'),
          livenessProbe: tcp(3000, { delay: 30, every: 10 }),
          readinessProbe: http('/status', 3000, { delay: 30, timeout: 5 }),
          ports: [port(3000)],
        },
      ],
    },
    {
      name: 'backend-worker',
      part: ['backend', 'worker'],
      strategy: { rollingSeconds: 1200 },
      image,
      waits,
      containers: [
        {
          name: 'backend-worker',
          args: ['bin/3scale_backend_worker', 'run'],
          env: env({
            ...REDIS,
            CONFIG_EVENTS_HOOK: 'http://system-master:3000/master/events/import',
            CONFIG_EVENTS_HOOK_SHARED_SECRET: backendSharedSecret,
          }),
          resources: resources('150m..1', '50Mi..300Mi'),
        },
      ],
    },
    redis('backend', images.redis, {
      resources: resources('1..2', '1Gi..32Gi'),
      livenessProbe: tcp(6379, { delay: 10, every: 10 }),
      readinessProbe: exec(REDIS_CHECK, { delay: 10, every: 30, timeout: 1 }),
    }),
  ];
}

export const REDIS_CHECK = [
  'container-entrypoint',
  'bash',
  '-c',
  'redis-cli set liveness-probe "`date`" | grep OK',
];

/** Backend and system have a Redis each; they differ in size and probes. */
export function redis(owner: 'backend' | 'system', image: string, rest: Doc): Component {
  const name = `${owner}-redis`;
  const storage = `${name}-storage`;
  return {
    name,
    part: [owner, 'redis'],
    strategy: 'recreate',
    containers: [
      {
        name,
        image,
        command: ['/opt/rh/rh-redis32/root/usr/bin/redis-server'],
        args: ['/etc/redis.d/redis.conf', '--daemonize', 'no'],
        volumeMounts: [mount(storage, '/var/lib/redis/data'), mount('redis-config', '/etc/redis.d/')],
        ...rest,
      },
    ],
    volumes: [claim(storage), configFiles('redis-config', 'redis-config', ['redis.conf'])],
  };
}
