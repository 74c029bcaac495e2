import { createHash, timingSafeEqual } from 'node:crypto';
import { statSync } from 'node:fs';
import { CliError } from '../../cli/cli-error.ts';
import { explain } from '../../cli/errors.ts';
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

/** Whose tokens are good at this moment. */
export interface Tokens {
  readonly now: readonly Token[];
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token).digest();

/**
 * The tokens of a file, read again when it changes: who is taken out of it is known no more. While it cannot be used nobody
 * is known, and `say` is told why. The constructor throws as `readTokens` does.
 */
export class TokenFile implements Tokens {
  readonly #path: string;
  readonly #say: (line: string) => void;
  #tokens: readonly Token[];
  #stamp: string;

  constructor(path: string, say: (line: string) => void) {
    this.#path = path;
    this.#say = say;
    this.#stamp = stampOf(path);
    this.#tokens = readTokens(path);
  }

  get now(): readonly Token[] {
    const stamp = stampOf(this.#path);
    if (stamp !== this.#stamp) {
      this.#stamp = stamp;
      this.#tokens = this.#readAgain();
    }
    return this.#tokens;
  }

  #readAgain(): readonly Token[] {
    try {
      const tokens = readTokens(this.#path);
      this.#say(`the token file ${this.#path} has changed: ${tokens.length} may log in`);
      return tokens;
    } catch (error) {
      this.#say(`nobody may log in until the token file is mended: ${explain(error).message}`);
      return [];
    }
  }
}

/** Another after every change of the file, or of its rights. */
function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  return found ? [found.ino, found.size, found.mtimeMs, found.ctimeMs].join(' ') : 'there is none';
}

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
