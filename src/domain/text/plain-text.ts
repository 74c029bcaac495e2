/**
 * Words that people and APIs give, as one plain line: whatever a terminal would obey, a log would take for another line, or
 * a reader would not see is gone. Pure, and the same in every release: workflows record what it returns.
 */
export function plainText(text: string): string {
  return text.replace(ANSI, '').replace(BREAKS, ' ').replace(UNSEEN, '').trim();
}

/* eslint-disable no-control-regex -- control characters are what this is about */

/** CSI, OSC and the other strings, two-character escapes; of 7 and of 8 bits. */
const ANSI =
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)?|\u001b[ -/]*[0-~]?/g;

const BREAKS = /[\t\n\v\f\r\u0085\u2028\u2029]+/g;

/** Control characters, marks and overrides of direction, and what takes no place at all. */
const UNSEEN_CHARACTERS =
  '\\u0000-\\u001f\\u007f-\\u009f\\u00ad\\u061c\\u180e\\u200b\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb';
const UNSEEN = new RegExp(`[${UNSEEN_CHARACTERS}]`, 'g');

/* eslint-enable no-control-regex */

/** The same for every text in a value of JSON, its keys left alone. */
export function plainDeep<T>(value: T): T {
  return plainPart(value) as T;
}

function plainPart(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map(plainPart);
  if (typeof value !== 'object' || value === null || !isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, plainPart(part)]));
}

const isPlain = (value: object): boolean =>
  [Object.prototype, null].includes(Object.getPrototypeOf(value) as object | null);

/**
 * What must not reach a terminal, written out as JSON writes it (`\u001b`): to be seen, and without effect. Line feeds and tabs
 * stay, * and what `own` lets pass. In a JSON document it changes the writing only, not the meaning.
 */
export function shownText(text: string, own: (sequence: string) => boolean = () => false): string {
  return text.replace(SHOWN, (part) =>
    part === '\n' || part === '\t' || own(part) ? part : [...part].map(escaped).join(''),
  );
}

// A colour as a whole, so that it can be told to be our own.
const SHOWN = new RegExp(`\\u001b\\[[0-9]{1,2}m|[${UNSEEN_CHARACTERS}]`, 'g');

const isPrintable = (character: string): boolean => character >= ' ' && character <= '~';
const escaped = (character: string): string =>
  isPrintable(character) ? character : `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`;
