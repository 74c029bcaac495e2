import { isIP } from 'node:net';
import type { BlockList } from 'node:net';
import { login } from '../../cli/via.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import type { Role } from '../contract.ts';
import { ROLES } from '../contract.ts';
import type { Access, TrustedProxy, Who } from './access.ts';
import type { Logins } from './logins.ts';
import type { Token } from './tokens.ts';
import { whoseToken } from './tokens.ts';

export const COOKIE = 'desk';

/** What of a request says who asks. */
export interface Asked {
  /** Of the connection, not what a header says. */
  readonly address: string;
  readonly header: (name: string) => string | undefined;
  readonly cookie: string | undefined;
}

/** Undefined where nobody has said who asks, or is not believed. */
export function whoAsks(access: Access, logins: Logins, asked: Asked): Who | undefined {
  switch (access.kind) {
    case 'open':
      return { name: login(), named: false, role: 'harm', how: `desk of ${login()}` };
    case 'tokens': {
      const bearer = bearerOf(asked);
      const tokens = access.tokens.now;
      const token =
        bearer === undefined ? stillOf(tokens, logins.find(asked.cookie ?? '')) : whoseToken(tokens, bearer);
      return (
        token && {
          ...{ name: token.name, named: true, role: token.role },
          how: `desk of ${login()}, token of ${token.name}, from ${asked.address}`,
        }
      );
    }
    case 'proxy':
      return byProxy(access.proxy, asked);
  }
}

/** A login holds as long as its token does, and may what the token may by now. */
const stillOf = (tokens: readonly Token[], login: Token | undefined): Token | undefined =>
  login && tokens.find(({ digest, name }) => name === login.name && digest.equals(login.digest));

/** The token that a script sends: one that is wrong is not made good by a cookie. */
export const bearerOf = ({ header }: Pick<Asked, 'header'>): string | undefined =>
  /^Bearer (.*)$/i.exec(header('authorization') ?? '')?.[1];

function byProxy(
  { userHeader, groupsHeader, addresses, roles }: TrustedProxy,
  asked: Asked,
): Who | undefined {
  if (!isFrom(addresses, asked.address)) return undefined;
  const name = plainText(asked.header(userHeader) ?? '');
  if (name === '') return undefined;
  const groups = (asked.header(groupsHeader) ?? '').split(/[,;|]/).map((group) => group.trim());
  const role = groups.reduce<Role>((best, group) => higher(best, roles.get(group) ?? 'look'), 'look');
  return { name, named: true, role, how: `desk of ${login()}, ${userHeader} of the proxy ${asked.address}` };
}

const higher = (one: Role, other: Role): Role => (ROLES.indexOf(other) > ROLES.indexOf(one) ? other : one);

/** An IPv4 address may come as IPv6. */
export function isFrom(addresses: BlockList, address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');
  const family = isIP(plain);
  return family !== 0 && addresses.check(plain, family === 6 ? 'ipv6' : 'ipv4');
}
