import { labelsOf, manifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Parameters } from './parameters.ts';

type Port = readonly [port: number, name?: string, target?: string];

/** Name, DeploymentConfig (its own name by default), labels, ports. */
const SERVICES: readonly (readonly [
  name: string,
  part: readonly [string, string?],
  ports: readonly Port[],
  selects?: string,
])[] = [
  [
    'apicast-production',
    ['apicast', 'production'],
    [
      [8080, 'gateway'],
      [8090, 'management'],
    ],
  ],
  [
    'apicast-staging',
    ['apicast', 'staging'],
    [
      [8080, 'gateway'],
      [8090, 'management'],
    ],
  ],
  ['apicast-wildcard-router', ['apicast', 'wildcard-router'], [[8080, 'http', 'http']]],
  ['backend-listener', ['backend', 'listener'], [[3000, 'http']]],
  ['backend-redis', ['backend', 'redis'], [[6379]]],
  ['system-developer', ['system', 'developer-ui'], [[3000, 'http', 'developer']], 'system-app'],
  ['system-master', ['system', 'master-ui'], [[3000, 'http', 'master']], 'system-app'],
  ['system-provider', ['system', 'provider-ui'], [[3000, 'http', 'provider']], 'system-app'],
  ['system-memcache', ['system', 'memcache'], [[11211, 'memcache']]],
  ['system-mysql', ['system', 'mysql'], [[3306, 'system-mysql']]],
  ['system-redis', ['system', 'redis'], [[6379, 'redis']]],
  ['system-sphinx', ['system', 'sphinx'], [[9306, 'sphinx']]],
  ['zync', ['zync'], [[8080, '8080-tcp']]],
  ['zync-database', ['zync', 'database'], [[5432, 'postgresql']]],
];

export function services(parameters: Parameters): Manifest[] {
  return SERVICES.map(([name, part, ports, selects = name]) =>
    manifest('v1', 'Service', name, labelsOf(parameters, part), {
      spec: {
        ports: ports.map(([port, portName, target]) => ({
          ...(portName ? { name: portName } : {}),
          port,
          protocol: 'TCP',
          targetPort: target ?? port,
        })),
        selector: { deploymentConfig: selects },
      },
    }),
  );
}

/** The public names of an installation, all under its domain. */
export function routes(parameters: Parameters): Manifest[] {
  const { tenantName, masterName, domain } = parameters;
  const route = (
    name: string,
    part: readonly [string, string?],
    host: string,
    service: string,
    targetPort: string,
  ): Manifest =>
    manifest('route.openshift.io/v1', 'Route', name, labelsOf(parameters, part), {
      spec: {
        host: `${host}.${domain}`,
        to: { kind: 'Service', name: service },
        port: { targetPort },
        tls: { termination: 'edge', insecureEdgeTerminationPolicy: 'Allow' },
        wildcardPolicy: 'None',
      },
    });
  const gateway = (environment: string): Manifest => {
    const service = `apicast-${environment}`;
    const host = `api-${tenantName}-${service}`;
    return route(`api-${service}`, ['apicast', environment], host, service, 'gateway');
  };
  return [
    gateway('production'),
    gateway('staging'),
    route(
      'apicast-wildcard-router',
      ['apicast', 'wildcard-router'],
      'apicast-wildcard',
      'apicast-wildcard-router',
      'http',
    ),
    route('backend', ['backend'], `backend-${tenantName}`, 'backend-listener', 'http'),
    route('system-developer', ['system', 'developer-ui'], tenantName, 'system-developer', 'http'),
    route('system-master-admin', ['system', 'master-ui'], `${masterName}-admin`, 'system-master', 'http'),
    route(
      'system-provider-admin',
      ['system', 'provider-ui'],
      `${tenantName}-admin`,
      'system-provider',
      'http',
    ),
  ];
}
