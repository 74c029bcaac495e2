import { plainText } from '../../domain/text/plain-text.ts';

/** What stands where something was taken out. */
export const REDACTED = '[redacted]';

/** Shorter, and of letters or digits only, it is looked for as a whole word: it may be a part of any other. */
const TELLING = 8;
/** A digit or a sign says nothing, and stands everywhere. */
const SHORTEST = 2;
/** What is longer is no line that anybody reads; nor may it be cut before it is looked through. */
const LONGEST_LINE = 4_096;

/**
 * Takes known values out of what an application, or a cluster, says, and what looks like a credential.
 *
 * Sure: no known value stands in the result, as it is or as URLs, JSON, base64 and hex write it. A value that is short or a
 * plain word is looked for where it stands alone. Likely, and no more: what follows the name of a credential, what URLs
 * carry, tokens, addresses of people, and whatever looks generated. Not seen: a value that nobody named, and that looks like
 * a word or a short number.
 */
export class Redaction {
  readonly #telling: RegExp | undefined;
  readonly #words: RegExp | undefined;

  /** `shown`: names of objects, which are told anyway, with what a rollout adds to them. */
  constructor(values: Iterable<string>, shown: Iterable<string> = []) {
    const names = [...new Set(shown)];
    const known = [...new Set([...values].flatMap(partsOf))].filter((value) => !names.includes(value));
    const written = [...new Set(known.flatMap(writings))].sort(longestFirst).map(asPattern);
    this.#telling = anyOf(written.flatMap(({ telling }) => telling ?? []));
    const words = anyOf(written.flatMap(({ word }) => word ?? []));
    const named = anyOf(names.sort(longestFirst).map(escaped));
    // A name may have a word in it that is also a value: `system-app-2-hook-pre`.
    this.#words =
      words && new RegExp(named ? `(?<name>${NAMED_BY(named)})|${words.source}` : words.source, 'gi');
  }

  /** One plain line. */
  line(text: string): string {
    const plain = plainText(text);
    if (plain.length > LONGEST_LINE) return `[a line of ${plain.length} characters]`;
    const withoutTelling = this.#telling ? plain.replace(this.#telling, REDACTED) : plain;
    const withoutKnown = this.#words
      ? withoutTelling.replace(this.#words, (found, ...rest) => (isName(rest.at(-1)) ? found : REDACTED))
      : withoutTelling;
    return PATTERNS.reduce((line, [pattern, instead]) => line.replace(pattern, instead), withoutKnown)
      .replace(TOKEN, (token) => (looksGenerated(token) ? REDACTED : token))
      .replace(SEVERAL, REDACTED);
  }
}

const longestFirst = (a: string, b: string): number => b.length - a.length;

const anyOf = (patterns: readonly string[]): RegExp | undefined =>
  patterns.length === 0 ? undefined : new RegExp(patterns.join('|'), 'gi');

/** An object of this name, its rollouts, and their pods. */
const NAMED_BY = ({ source }: RegExp): string =>
  `(?<![\\w-])(?:${source})(?:-\\d+(?:-(?:deploy|hook-(?:pre|mid|post)|[bcdfghjklmnpqrstvwxz2-9]{5}))?)?(?![\\w-])`;

/** Of the groups of a match, which come last where there are any. */
const isName = (groups: unknown): boolean =>
  typeof groups === 'object' && groups !== null && 'name' in groups && groups.name !== undefined;

/** A value, what a URL in it carries, every text of a JSON document, and each line of a file. */
function partsOf(value: string): string[] {
  const lines = value.split(/\r?\n/);
  const ofFile = lines.length === 1 ? [] : lines.flatMap((line) => [line, ...assigned(line)]);
  return [value, ...ofFile, ...carriedByUrl(value), ...textsOf(value)]
    .map((part) => plainText(part))
    .filter((part) => part.length >= SHORTEST);
}

/** Of `key = value` and `key: value`, as configuration files have it. */
function assigned(line: string): string[] {
  const [, value] = /^\s*["']?[\w.-]+["']?\s*[:=]\s*["']?(.+?)["']?[,;]?\s*$/.exec(line) ?? [];
  return value === undefined ? [] : [value];
}

function carriedByUrl(value: string): string[] {
  if (!URL.canParse(value)) return [];
  const { username, password, searchParams } = new URL(value);
  const encoded = [username, password];
  return [...encoded, ...encoded.map(decoded), ...searchParams.values()];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function textsOf(value: string): string[] {
  if (!/^\s*[[{]/.test(value)) return [];
  try {
    const found: string[] = [];
    JSON.parse(value, (_, part: unknown) => {
      if (typeof part === 'string') found.push(part, ...carriedByUrl(part));
      return part;
    });
    return found;
  } catch {
    return [];
  }
}

/** A value as it is, and as URLs, JSON, HTML, base64 and hex write it. */
function writings(value: string): string[] {
  if (!isTelling(value)) return [value];
  const bytes = Buffer.from(value, 'utf8');
  return [
    value,
    encodeURIComponent(value.toWellFormed()),
    encodeURIComponent(value.toWellFormed()).replaceAll('%20', '+'),
    JSON.stringify(value).slice(1, -1),
    value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    bytes.toString('base64'),
    bytes.toString('base64').replace(/=+$/, ''),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
}

const isTelling = (value: string): boolean => value.length >= TELLING || !/^([A-Za-z]+|[\d.]+)$/.test(value);

/** Looked for anywhere, or as a word that stands alone. */
function asPattern(written: string): { readonly telling?: string; readonly word?: string } {
  if (isTelling(written) && written.length > 3) return { telling: escaped(written) };
  return { word: `(?<![A-Za-z0-9])${escaped(written)}(?![A-Za-z0-9])` };
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

const CREDENTIAL =
  '(?:pass(?:word|wd|phrase)?|pwd|secret|token|api[-_ ]?key|(?:user|provider|app|access|private|account|service)[-_ ]?(?:key|token|id)|credentials?|auth(?:orization)?|cookie|session(?:[-_ ]?id)?)';

/** Each with what stands instead. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  // Of a certificate or a key only the beginning is known for sure.
  [/-----BEGIN[^-]*-----.*?(-----END[^-]*-----|$)/g, REDACTED],
  [/\b(Bearer|Basic|Digest|Negotiate|Token)\s+[\w+/=.~:-]{4,}/gi, `$1 ${REDACTED}`],
  // user:password@host, also with an @ in the password.
  [/([a-z][a-z0-9+.-]*:\/\/)[^\s/"'<>]*@/gi, `$1${REDACTED}@`],
  [/\?[^\s"'<>]+/g, `?${REDACTED}`],
  [
    new RegExp(
      `((?:\\b|_)${CREDENTIAL}\\w*["'\\]]*\\s*(?:=>|[:=]|\\bis\\b)\\s*)("[^"]*"|'[^']*'|[^\\s,;)}\\]]+)`,
      'gi',
    ),
    `$1${REDACTED}`,
  ],
  [/[\w.+-]+@[\w-]+(\.[\w-]+)+/g, REDACTED],
];

const SEVERAL = /\[redacted\](?:[\s+/=.:-]*\[redacted\])+/g;

const TOKEN = /[A-Za-z0-9+=_~]{8,}/g;

/** Letters and digits mixed, capitals at odd places, many digits, or longer than any word. */
function looksGenerated(token: string): boolean {
  const parts = token.split(/[_+=~]+/).filter((part) => part !== '');
  return token.length > 40 || parts.some(isOdd);
}

function isOdd(part: string): boolean {
  if (part.length < 8) return false;
  if (/^\d+$/.test(part)) return part.length >= 9;
  if (/\d/.test(part)) return true;
  if (/^([A-Z]?[a-z]+|[A-Z]+)$/.test(part)) return part.length > 24;
  // CamelCase as programs have it: humps of three letters on average, and abbreviations.
  const humps = part.split(/(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/);
  return part.length / humps.length < 3;
}
