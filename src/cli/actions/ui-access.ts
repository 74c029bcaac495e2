import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import type { Access, TrustedProxy } from '../../desk/access/access.ts';
import { TokenFile } from '../../desk/access/tokens.ts';
import type { Role } from '../../desk/contract.ts';
import { ROLES } from '../../desk/contract.ts';
import type { DeskSettings } from '../../desk/desk.ts';
import { readSecretFile } from '../../temporal/codec/secret-file.ts';
import { CliError } from '../cli-error.ts';

export interface AccessFlags {
  readonly host: string;
  readonly tokenFile?: string;
  readonly userHeader?: string;
  readonly groupsHeader: string;
  readonly trustedProxy?: readonly string[];
  readonly role?: readonly string[];
  readonly tlsCert?: string;
  readonly tlsKey?: string;
}

type Reached = Pick<DeskSettings, 'host' | 'access' | 'tls' | 'loopback'>;

const HEADER = /^[!#$%&'*+.^_`|~\w-]+$/;

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * Who may reach the desk, and how. Throws CliError where that would let in who should not be. `say` is told when the token
 * file changes.
 */
export function accessOf(flags: AccessFlags, say: (line: string) => void): Reached {
  const { host, tokenFile } = flags;
  const proxy = proxyOf(flags);
  if (proxy && tokenFile !== undefined)
    throw new CliError('--token-file and --user-header: it can be only one of them', {
      hint: 'Who asks is known by a token, or by what a trusted proxy says.',
    });
  const tls = tlsOf(flags);
  const isLocal = isLoopback(host);
  if (!isLocal && !proxy && tokenFile === undefined)
    throw new CliError(`whoever reaches ${host} could use the desk`, {
      hint: 'Add --token-file with --tls-cert and --tls-key; or --user-header with --trusted-proxy. See docs/desk-access.md.',
    });
  if (!isLocal && tokenFile !== undefined && !tls)
    throw new CliError(`tokens would travel to ${host} in the clear`, {
      hint: 'Add --tls-cert and --tls-key.',
    });
  const access: Access = proxy
    ? { kind: 'proxy', proxy }
    : tokenFile === undefined
      ? { kind: 'open' }
      : { kind: 'tokens', tokens: new TokenFile(tokenFile, say) };
  return { host, access, tls, loopback: isLocal && access.kind !== 'proxy' };
}

function proxyOf({
  userHeader,
  groupsHeader,
  trustedProxy,
  role = [],
}: AccessFlags): TrustedProxy | undefined {
  if (userHeader === undefined && trustedProxy === undefined) {
    if (role.length === 0) return undefined;
    throw new CliError('--role is about groups that a trusted proxy names: there is none', {
      hint: 'Add --user-header and --trusted-proxy; the roles of tokens stand in the token file.',
    });
  }
  if (userHeader === undefined || trustedProxy === undefined)
    throw new CliError('--user-header and --trusted-proxy need each other', {
      hint: 'As in: --user-header x-forwarded-user --trusted-proxy 10.1.0.0/16',
    });
  const wrong = [userHeader, groupsHeader].find((name) => !HEADER.test(name));
  if (wrong !== undefined) throw new CliError(`"${wrong}" is no name of a header`);
  return {
    userHeader: userHeader.toLowerCase(),
    groupsHeader: groupsHeader.toLowerCase(),
    addresses: addressesOf(trustedProxy),
    roles: new Map(role.map(roleOfGroup)),
  };
}

function addressesOf(networks: readonly string[]): BlockList {
  const addresses = new BlockList();
  for (const network of networks) {
    const [address = '', bits, ...more] = network.split('/');
    const family = isIP(address);
    const most = family === 6 ? 128 : 32;
    const prefix = bits === undefined ? most : Number(bits);
    const isRight =
      family !== 0 && more.length === 0 && /^\d*$/.test(bits ?? '') && bits !== '' && prefix <= most;
    if (!isRight || prefix === 0)
      throw new CliError(`--trusted-proxy ${network} is no address, and no network`, {
        hint: 'As in: --trusted-proxy 10.1.2.3, or: --trusted-proxy 10.1.0.0/16',
      });
    addresses.addSubnet(address, prefix, family === 6 ? 'ipv6' : 'ipv4');
  }
  return addresses;
}

function roleOfGroup(text: string): readonly [string, Role] {
  const [, name, group] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
  const role = ROLES.find((one) => one === name);
  if (role && group !== undefined) return [group, role];
  throw new CliError(`--role ${text} is no role of a group`, {
    hint: `As in: --role operate=upgraders. Roles: ${ROLES.join(', ')}.`,
  });
}

function tlsOf({ tlsCert, tlsKey }: AccessFlags): Reached['tls'] {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert === undefined || tlsKey === undefined)
    throw new CliError('--tls-cert and --tls-key need each other');
  const tls = { cert: read(tlsCert), key: readSecretFile(tlsKey, 'the key') };
  try {
    createSecureContext(tls);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CliError(`${tlsCert} and ${tlsKey} are no certificate and its key: ${why}`, {
      hint: 'Both are PEM files, the key without a passphrase.',
    });
  }
  const { validTo, validToDate } = new X509Certificate(tls.cert);
  if (validToDate.getTime() <= Date.now())
    throw new CliError(`the certificate ${tlsCert} has run out: it was good until ${validTo}`, {
      hint: 'No browser accepts it: name a new one.',
    });
  return tls;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CliError(
      `the certificate ${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`,
      { hint: 'See that it is there, and may be read.' },
    );
  }
}
