import type { KeyObject } from 'node:crypto';
import { createSecretKey } from 'node:crypto';
import { EncryptionError } from './encryption-error.ts';
import { readSecretFile } from './secret-file.ts';

/** The setting: names the file of keys. Unset, nothing is encrypted. */
export const KEY_FILE_SETTING = 'THREESCALE_UPGRADE_KEY_FILE';

const KEY_BYTES = 32;
/** As the first line: what is new is not encrypted; the keys below it decrypt. */
const OFF = 'off';
/** With it, a title of 240 letters stays below what Temporal takes for a summary. */
const LONGEST_ID = 40;
const LINE = /^([A-Za-z0-9][A-Za-z0-9._-]{0,39})\s*:\s*(\S+)$/;

export interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
}

interface Keys {
  /** The first one; undefined where the file begins with `off`. */
  readonly current: EncryptionKey | undefined;
  readonly byId: ReadonlyMap<string, EncryptionKey>;
}

const NONE: Keys = { current: undefined, byId: new Map() };

/** The keys of this process: the first encrypts, all decrypt. */
export class EncryptionKeys {
  readonly #file: string | undefined;
  #keys: Keys;

  /** Without a file there is no key. Throws EncryptionError where the file cannot be used. */
  constructor(file?: string) {
    this.#file = file;
    this.#keys = file === undefined ? NONE : readKeys(file);
  }

  /** What new payloads are encrypted with; undefined where they are not. */
  get current(): EncryptionKey | undefined {
    return this.#keys.current;
  }

  /**
   * The file is read anew for a key that is not there: one that was added meanwhile needs no restart. Throws
   * EncryptionError that names the key and where to put it.
   */
  find(wanted: string): EncryptionKey {
    // Whoever can write a payload can write this, and it reaches terminals.
    const id = wanted.slice(0, LONGEST_ID).replaceAll(/[^A-Za-z0-9._-]/g, '?') || 'without a name';
    const known = this.#keys.byId.get(wanted);
    if (known) return known;
    if (this.#file === undefined) {
      throw new EncryptionError(
        `a payload is encrypted with key ${id}, and this process has no keys: set ${KEY_FILE_SETTING} to the file with ` +
          `the line "${id}: …", and start it again`,
        `export ${KEY_FILE_SETTING}=FILE, then type the same again. Nothing is lost meanwhile.`,
      );
    }
    this.#keys = readKeys(this.#file);
    const added = this.#keys.byId.get(wanted);
    if (added) return added;
    throw new EncryptionError(
      `a payload is encrypted with key ${id}, which is not in ${this.#file}: add its line "${id}: …" below the first one`,
      'What waits for it goes on by itself once the line is there. Nothing is lost meanwhile.',
    );
  }

  /** For messages. */
  get source(): string {
    return this.#file ?? `no file (${KEY_FILE_SETTING} is not set)`;
  }
}

function readKeys(file: string): Keys {
  const lines = readSecretFile(file, 'the key file')
    .split('\n')
    .map((text, place) => ({ text: text.trim(), number: place + 1 }))
    .filter(({ text }) => text !== '' && !text.startsWith('#'));
  const isOff = lines[0]?.text === OFF;
  const byId = new Map<string, EncryptionKey>();
  for (const { text, number } of isOff ? lines.slice(1) : lines) {
    const key = parseKey(text);
    if (key === undefined) throw wrongLine(file, number, 'is not "id: base64 of 32 bytes"');
    if (byId.has(key.id)) throw wrongLine(file, number, `has the id ${key.id} of a line above it`);
    byId.set(key.id, key);
  }
  const [first] = byId.values();
  if (!first) throw wrongLine(file, 1, 'and all others hold no key');
  return { current: isOff ? undefined : first, byId };
}

/** Undefined where it is none; what it says is told to nobody. */
function parseKey(text: string): EncryptionKey | undefined {
  const [, id, encoded] = LINE.exec(text) ?? [];
  if (id === undefined || encoded === undefined) return undefined;
  const bytes = Buffer.from(encoded, 'base64');
  if (bytes.length !== KEY_BYTES || bytes.toString('base64') !== encoded) return undefined;
  return { id, key: createSecretKey(bytes) };
}

function wrongLine(file: string, number: number, what: string): EncryptionError {
  return new EncryptionError(
    `the key file ${file}: line ${number} ${what}`,
    'A line is made with: echo "k1: $(openssl rand -base64 32)"',
  );
}
