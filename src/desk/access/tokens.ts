import { createHash, timingSafeEqual } from 'node:crypto';
import { CliError } from '../../cli/cli-error.ts';
import { readSecretFile } from '../../temporal/codec/secret-file.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import type { Role } from '../contract.ts';
import { ROLES } from '../contract.ts';

const SHORTEST_TOKEN = 16;
const DIGEST = /^sha256:([0-9a-f]{64})$/;
const FORM =
  'Write a line for each person: look, operate or harm; a name; and a token, or sha256: and its digest.';

/** Who logs in with it, and what they may do. Only the token's digest is held. */
export interface Token {
  readonly role: Role;
  readonly name: string;
  readonly digest: Buffer;
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/** The lines of a token file that only its owner can read: `role name token`. Throws CliError, or EncryptionError where others can. */
export function readTokens(path: string): Token[] {
  const text = readSecretFile(path, 'the token file');
  const tokens = text.split('\n').flatMap((line, index) => {
    const words = line.trim();
    return words === '' || words.startsWith('#') ? [] : [tokenIn(words, `${path}:${index + 1}`)];
  });
  if (tokens.length === 0) throw new CliError(`the token file ${path} holds no token`, { hint: FORM });
  const names = tokens.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new CliError(`the token file ${path} names ${twice} twice`, { hint: 'Give each person one line.' });
  return tokens;
}

function tokenIn(line: string, where: string): Token {
  const [role = '', name = '', secret = '', ...more] = line.split(/\s+/);
  const refuse = (why: string): never => {
    throw new CliError(`${where}: ${why}`, { hint: FORM, where });
  };
  if (!isRole(role)) return refuse('the line begins with none of look, operate and harm');
  if (secret === '' || more.length > 0) return refuse('the line is not a role, a name and a token');
  if (plainText(name) !== name) return refuse('the name has characters that nobody sees');
  const [, hex] = DIGEST.exec(secret) ?? [];
  if (hex === undefined && secret.length < SHORTEST_TOKEN)
    return refuse(
      `the token is shorter than ${SHORTEST_TOKEN} characters; make one with: openssl rand -hex 32`,
    );
  return { role, name, digest: hex === undefined ? digestOf(secret) : Buffer.from(hex, 'hex') };
}

const isRole = (word: string): word is Role => (ROLES as readonly string[]).includes(word);

/** Whose token it is: all are compared, so that the time says nothing. */
export function whoseToken(tokens: readonly Token[], given: string): Token | undefined {
  const digest = digestOf(given);
  const fitting = tokens.filter((token) => timingSafeEqual(token.digest, digest));
  return fitting[0];
}
