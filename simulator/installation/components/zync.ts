import type { Component } from '../component.ts';
import { env, exec, fromSecret, http, mount, port, portAnswers, resources, tcp, until } from '../pieces.ts';

const secret = (key: string): ReturnType<typeof fromSecret> => fromSecret('zync', key);

export function zync(): Component[] {
  return [
    {
      name: 'zync',
      part: ['zync'],
      strategy: 'default',
      image: 'amp-zync:latest',
      waits: { name: 'zync-db-svc', command: until(portAnswers('zync-database', 5432)) },
      containers: [
        {
          name: 'zync',
          env: env({
            RAILS_LOG_TO_STDOUT: 'true',
            RAILS_ENV: 'production',
            DATABASE_URL: secret('DATABASE_URL'),
            SECRET_KEY_BASE: secret('SECRET_KEY_BASE'),
            ZYNC_AUTHENTICATION_TOKEN: secret('ZYNC_AUTHENTICATION_TOKEN'),
          }),
          resources: resources('150m..1', '250M..512Mi'),
          livenessProbe: http('/status/live', 8080, { delay: 10, every: 10, timeout: 60, failures: 10 }),
          readinessProbe: http('/status/ready', 8080, { delay: 100, every: 10, timeout: 10, failures: 3 }),
          ports: [port(8080)],
        },
      ],
    },
    {
      name: 'zync-database',
      part: ['zync', 'database'],
      strategy: 'recreate',
      image: 'postgresql:9.5',
      imageTriggerFirst: true,
      containers: [
        {
          name: 'postgresql',
          env: env({
            POSTGRESQL_USER: 'zync',
            POSTGRESQL_PASSWORD: secret('ZYNC_DATABASE_PASSWORD'),
            POSTGRESQL_DATABASE: 'zync_production',
          }),
          resources: resources('50m..250m', '250M..2G'),
          livenessProbe: tcp(5432, { delay: 30, timeout: 1 }),
          readinessProbe: exec(
            ['/bin/sh', '-i', '-c', `psql -h 127.0.0.1 -U zync -q -d zync_production -c 'SELECT 1'`],
            { delay: 5, timeout: 1 },
          ),
          ports: [port(5432)],
          volumeMounts: [mount('zync-database-data', '/var/lib/pgsql/data')],
        },
      ],
      volumes: [{ name: 'zync-database-data', emptyDir: {} }],
    },
  ];
}
