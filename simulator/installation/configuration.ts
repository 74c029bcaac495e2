import { stringify } from 'yaml';
import { labelsOf, manifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Parameters } from './parameters.ts';

/** Feature switches of the Rails application that are on; all others are off. */
const SWITCHES_ON = [
  'service_permissions',
  'duplicate_application_id',
  'duplicate_user_key',
  'apicast_per_service',
  'new_notification_system',
  'apicast_v2',
  'published_service_plan_signup',
  'apicast_oidc',
  'policies',
];
const SWITCHES_OFF = [
  'old_charts',
  'new_provider_documentation',
  'proxy_pro',
  'instant_bill_plan_change',
  'async_apicast_deploy',
  'plan_changes_wizard',
  'require_cc_on_signup',
  'cms_api',
  'forum',
];

const ZYNC = {
  production: {
    endpoint: 'http://zync:8080',
    authentication: { token: "<%= ENV.fetch('ZYNC_AUTHENTICATION_TOKEN') %>" },
    connect_timeout: 5,
    send_timeout: 5,
    receive_timeout: 10,
    root_url: null,
  },
};

/** Directives of Redis; `save` says after how many seconds how many changes are written to disk. */
const REDIS: readonly (readonly [string, string | number])[] = [
  ['protected-mode', 'no'],
  ['port', 6379],
  ['timeout', 0],
  ['tcp-keepalive', 300],
  ['daemonize', 'no'],
  ['supervised', 'no'],
  ['loglevel', 'notice'],
  ['databases', 16],
  ['save', '900 1'],
  ['save', '300 10'],
  ['save', '60 10000'],
  ['stop-writes-on-bgsave-error', 'yes'],
  ['rdbcompression', 'yes'],
  ['rdbchecksum', 'yes'],
  ['dbfilename', 'dump.rdb'],
  ['slave-serve-stale-data', 'yes'],
  ['slave-read-only', 'yes'],
  ['repl-diskless-sync', 'no'],
  ['repl-disable-tcp-nodelay', 'no'],
  ['appendonly', 'yes'],
  ['appendfilename', '"appendonly.aof"'],
  ['appendfsync', 'everysec'],
  ['no-appendfsync-on-rewrite', 'no'],
  ['auto-aof-rewrite-percentage', 100],
  ['auto-aof-rewrite-min-size', '64mb'],
  ['aof-load-truncated', 'yes'],
  ['lua-time-limit', 5000],
  ['activerehashing', 'no'],
  ['aof-rewrite-incremental-fsync', 'yes'],
  ['dir', '/var/lib/redis/data'],
];

const section = (name: string, ...settings: string[]): string => [`[${name}]`, ...settings, ''].join('\n');
const MYSQL_CHARSET = [
  section('client', 'default-character-set = utf8'),
  section('mysql', 'default-character-set = utf8'),
  section('mysqld', 'character-set-server = utf8', 'collation-server = utf8_unicode_ci'),
].join('\n');

export function configMaps(parameters: Parameters): Manifest[] {
  const configMap = (name: string, element: string | undefined, data: Record<string, string>): Manifest =>
    manifest('v1', 'ConfigMap', name, labelsOf(parameters, element ? ['system', element] : ['system']), {
      data,
    });
  const switches = Object.fromEntries([
    ...SWITCHES_ON.map((name) => [name, true]),
    ...SWITCHES_OFF.map((name) => [name, false]),
  ]) as Record<string, boolean>;
  const mail = ['address', 'username', 'password', 'domain', 'port', 'authentication', 'openssl.verify.mode'];
  return [
    configMap('mysql-extra-conf', 'mysql', { 'mysql-charset.cnf': MYSQL_CHARSET }),
    configMap('mysql-main-conf', 'mysql', {
      'my.cnf': '!include /etc/my.cnf\n!includedir /etc/my-extra.d\n',
    }),
    configMap('redis-config', 'redis', { 'redis.conf': REDIS.map((pair) => `${pair.join(' ')}\n`).join('') }),
    configMap('smtp', 'smtp', Object.fromEntries(mail.map((key) => [key, '']))),
    configMap('system', undefined, {
      'zync.yml': stringify(ZYNC),
      'rolling_updates.yml': stringify({ production: switches }),
    }),
  ];
}

export function secrets(parameters: Parameters): Manifest[] {
  const { zyncDatabasePassword, zyncSecretKeyBase, zyncAuthenticationToken } = parameters.secrets;
  const stringData = {
    SECRET_KEY_BASE: zyncSecretKeyBase,
    DATABASE_URL: `postgresql://zync:${zyncDatabasePassword}@zync-database:5432/zync_production`,
    ZYNC_DATABASE_PASSWORD: zyncDatabasePassword,
    ZYNC_AUTHENTICATION_TOKEN: zyncAuthenticationToken,
  };
  return [manifest('v1', 'Secret', 'zync', labelsOf(parameters, ['zync']), { type: 'Opaque', stringData })];
}

export function volumeClaims(parameters: Parameters): Manifest[] {
  const volume = (
    name: string,
    part: readonly [string, string],
    size: string,
    mode = 'ReadWriteOnce',
  ): Manifest =>
    manifest('v1', 'PersistentVolumeClaim', name, labelsOf(parameters, part), {
      spec: { accessModes: [mode], resources: { requests: { storage: size } } },
    });
  return [
    volume('system-storage', ['system', 'app'], '100Mi', 'ReadWriteMany'),
    volume('mysql-storage', ['system', 'mysql'], '1Gi'),
    volume('system-redis-storage', ['system', 'redis'], '1Gi'),
    volume('backend-redis-storage', ['backend', 'redis'], '1Gi'),
  ];
}
