import { generate } from './generate.ts';

/** What tells one installation from another. */
export interface Parameters {
  readonly release: string;
  readonly appLabel: string;
  /** Root of all public hosts. */
  readonly domain: string;
  readonly tenantName: string;
  readonly masterName: string;
  readonly secrets: Secrets;
}

/** Every generated value; none of them may be seen outside the cluster. */
export type Secrets = Readonly<Record<SecretName, string>>;
export type SecretName = keyof typeof SECRETS;

const LOWER = 'abcdefghijklmnopqrstuvwxyz0123456789';
const MIXED = `ABCDEFGHIJKLMNOPQRSTUVWXYZ${LOWER}`;

/** Alphabet and length of each generated value. */
const SECRETS = {
  adminPassword: [LOWER, 8],
  adminAccessToken: [LOWER, 16],
  apicastAccessToken: [LOWER, 8],
  masterPassword: [LOWER, 8],
  masterAccessToken: [LOWER, 8],
  mysqlPassword: [LOWER, 8],
  mysqlRootPassword: [LOWER, 8],
  backendPassword: [LOWER, 8],
  backendSharedSecret: [LOWER, 8],
  secretKeyBase: ['0123456789abcdef', 128],
  zyncDatabasePassword: [MIXED, 16],
  zyncSecretKeyBase: [MIXED, 16],
  zyncAuthenticationToken: [MIXED, 16],
} as const;

/** Values that differ from tenant to tenant, and are the same in every run. */
export function makeParameters(
  seed: string,
  given: Partial<Omit<Parameters, 'secrets'>> & { readonly secrets?: Partial<Secrets> } = {},
): Parameters {
  const secret = (name: SecretName): string => {
    const [alphabet, length] = SECRETS[name];
    return given.secrets?.[name] ?? generate(`${seed}/${name}`, alphabet, length);
  };
  return {
    release: '2.3.0',
    appLabel: '3scale-api-management',
    domain: `${seed}.example.test`,
    tenantName: 'acme',
    masterName: 'master',
    ...given,
    secrets: {
      adminPassword: secret('adminPassword'),
      adminAccessToken: secret('adminAccessToken'),
      apicastAccessToken: secret('apicastAccessToken'),
      masterPassword: secret('masterPassword'),
      masterAccessToken: secret('masterAccessToken'),
      mysqlPassword: secret('mysqlPassword'),
      mysqlRootPassword: secret('mysqlRootPassword'),
      backendPassword: secret('backendPassword'),
      backendSharedSecret: secret('backendSharedSecret'),
      secretKeyBase: secret('secretKeyBase'),
      zyncDatabasePassword: secret('zyncDatabasePassword'),
      zyncSecretKeyBase: secret('zyncSecretKeyBase'),
      zyncAuthenticationToken: secret('zyncAuthenticationToken'),
    },
  };
}
