import type { Context } from '../component.ts';
import { fromConfigMap, fromSecret, until } from '../pieces.ts';
import type { Environment } from '../pieces.ts';

/** A shell condition that holds once an HTTP server answers. */
const answers = (flags: string, url: string): string => `curl --output /dev/null --silent ${flags} ${url}`;

export const masterAnswers = answers('--fail --head', 'http://system-master:3000/status');
export const zyncAnswers = answers('--head --fail', 'http://zync:8080/status/ready');
export const MASTER_ANSWERS = { name: 'system-master-svc', command: until(masterAnswers) };

export const databaseUrl = ({ parameters }: Context): string =>
  `mysql2://root:${parameters.secrets.mysqlRootPassword}@system-mysql/system`;

const smtp = (key: string): ReturnType<typeof fromConfigMap> => fromConfigMap('smtp', key);

/** The environment that all containers of the Rails application share. */
export function systemEnvironment(context: Context): Environment {
  const { parameters, domains } = context;
  const { secrets, tenantName, domain, release } = parameters;
  const backendUrl = `https://backend-${tenantName}.${domain}`;
  return {
    RAILS_ENV: 'production',
    DATABASE_URL: databaseUrl(context),
    FORCE_SSL: 'true',
    ...domains,
    MASTER_USER: 'master',
    MASTER_PASSWORD: secrets.masterPassword,
    TENANT_NAME: tenantName,
    APICAST_ACCESS_TOKEN: secrets.apicastAccessToken,
    ADMIN_ACCESS_TOKEN: secrets.adminAccessToken,
    PROVIDER_PLAN: 'enterprise',
    USER_LOGIN: 'admin',
    USER_PASSWORD: secrets.adminPassword,
    RAILS_LOG_TO_STDOUT: 'true',
    RAILS_LOG_LEVEL: 'info',
    THINKING_SPHINX_ADDRESS: 'system-sphinx',
    THINKING_SPHINX_PORT: '9306',
    THINKING_SPHINX_CONFIGURATION_FILE: '/tmp/sphinx.conf',
    EVENTS_SHARED_SECRET: secrets.backendSharedSecret,
    THREESCALE_SANDBOX_PROXY_OPENSSL_VERIFY_MODE: 'VERIFY_NONE',
    APICAST_BACKEND_ROOT_ENDPOINT: backendUrl,
    CONFIG_INTERNAL_API_USER: '3scale_api_user',
    CONFIG_INTERNAL_API_PASSWORD: secrets.backendPassword,
    SECRET_KEY_BASE: secrets.secretKeyBase,
    AMP_RELEASE: release,
    ZYNC_AUTHENTICATION_TOKEN: fromSecret('zync', 'ZYNC_AUTHENTICATION_TOKEN'),
    SMTP_ADDRESS: smtp('address'),
    SMTP_USER_NAME: smtp('username'),
    SMTP_PASSWORD: smtp('password'),
    SMTP_DOMAIN: smtp('domain'),
    SMTP_PORT: smtp('port'),
    SMTP_AUTHENTICATION: smtp('authentication'),
    SMTP_OPENSSL_VERIFY_MODE: smtp('openssl.verify.mode'),
    BACKEND_ROUTE: backendUrl,
    SSL_CERT_DIR: '/etc/pki/tls/certs',
    APICAST_REGISTRY_URL: 'http://apicast-staging:8090/policies',
  };
}
