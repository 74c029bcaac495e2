import type { Component, Context } from '../component.ts';
import { env, http, port, resources, tcp } from '../pieces.ts';
import { MASTER_ANSWERS } from './system-environment.ts';

const ROLLING = { rollingSeconds: 1800 } as const;

interface Gateway {
  readonly environment: 'staging' | 'production';
  readonly deployment: string;
  readonly loader: 'lazy' | 'boot';
  readonly cacheSeconds: string;
  readonly redisDatabase: number;
  readonly cpu: string;
}

export function apicast({ parameters }: Context): Component[] {
  const token = parameters.secrets.apicastAccessToken;
  const gateway = ({
    environment,
    deployment,
    loader,
    cacheSeconds,
    redisDatabase,
    cpu,
  }: Gateway): Component => ({
    name: `apicast-${environment}`,
    part: ['apicast', environment],
    strategy: ROLLING,
    image: 'amp-apicast:latest',
    annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': '9421' },
    ...(environment === 'production' ? { waits: MASTER_ANSWERS } : {}),
    containers: [
      {
        name: `apicast-${environment}`,
        env: env({
          THREESCALE_PORTAL_ENDPOINT: `http://${token}@system-master:3000/master/api/proxy/configs`,
          APICAST_CONFIGURATION_LOADER: loader,
          APICAST_CONFIGURATION_CACHE: cacheSeconds,
          THREESCALE_DEPLOYMENT_ENV: deployment,
          APICAST_MANAGEMENT_API: 'status',
          BACKEND_ENDPOINT_OVERRIDE: 'http://backend-listener:3000',
          OPENSSL_VERIFY: 'false',
          APICAST_RESPONSE_CODES: 'true',
          REDIS_URL: `redis://system-redis:6379/${redisDatabase}`,
        }),
        resources: resources(cpu, '64Mi..128Mi'),
        livenessProbe: http('/status/live', 8090, { delay: 10, every: 10, timeout: 5 }),
        readinessProbe: http('/status/ready', 8090, { delay: 15, every: 30, timeout: 5 }),
        ports: [port(8080), port(8090), port(9421, 'metrics')],
      },
    ],
  });
  return [
    gateway({
      environment: 'staging',
      deployment: 'sandbox',
      loader: 'lazy',
      cacheSeconds: '0',
      redisDatabase: 2,
      cpu: '50m..100m',
    }),
    gateway({
      environment: 'production',
      deployment: 'production',
      loader: 'boot',
      cacheSeconds: '300',
      redisDatabase: 1,
      cpu: '500m..1',
    }),
    {
      name: 'apicast-wildcard-router',
      part: ['apicast', 'wildcard-router'],
      strategy: ROLLING,
      image: 'amp-wildcard-router:latest',
      containers: [
        {
          name: 'apicast-wildcard-router',
          env: env({ API_HOST: `http://${token}@system-master:3000` }),
          resources: resources('120m..500m', '32Mi..64Mi'),
          ports: [port(8080, 'http')],
          livenessProbe: tcp('http', { delay: 30, every: 10 }),
        },
      ],
    },
  ];
}
