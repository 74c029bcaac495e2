const GONE = '…';
const NAMES =
  'password|passwd|pwd|passphrase|token|secret|api[-_]?key|access[-_]?key|private[-_]?key|authorization|credential';

/** What is called so is never shown. */
export const namesSecret = (name: string): boolean => new RegExp(NAMES, 'i').test(name);

/** Neither short nor a word such as `get-token` or `eu-west-1`, which says nothing, and whose lack would tear sentences. */
export const isOpaque = (value: string): boolean =>
  value.length >= 8 && !/^-{0,2}[a-z]+([-_.][a-z0-9]{1,12})*$/.test(value);

/** Words of a program that is given credentials, or makes them, without `known` and whatever else may be one. */
export function withoutSecrets(said: string, known: readonly string[]): string {
  let text = said;
  // The longer first: they may hold the shorter.
  for (const secret of [...new Set(known)].filter(Boolean).sort((a, b) => b.length - a.length))
    text = text.replaceAll(secret, GONE);
  return SHAPES.reduce((left, [shape, kept]) => left.replace(shape, kept), text);
}

const SHAPES: readonly (readonly [RegExp, string])[] = [
  // A name and a password before a host.
  [/(\w+:\/\/)[^\s/@]*@/g, `$1${GONE}@`],
  [/-----BEGIN [\s\S]*?(-----END [^-]*-----|$)/g, GONE],
  [/\b(bearer|basic)\s+\S+/gi, `$1 ${GONE}`],
  // Also as JSON has it.
  [new RegExp(`(${NAMES})(s?["']?\\s*[=:]\\s*)("[^"]*"|'[^']*'|\\S+)`, 'gi'), `$1$2${GONE}`],
  // JSON Web Tokens, tokens of OpenShift, and whatever else is long and neither a word nor a part of a path or a host's name.
  [/\beyJ[\w-]+(\.[\w-]*)*/g, GONE],
  [/\bsha256~[\w-]+/g, GONE],
  // As Google, Vault and Azure write them: a short word, a dot, and what is opaque.
  [/(?<![\w/.-])[\w-]{1,8}\.(?=[\w.-]*\d)(?=[\w.-]*[A-Z])[\w-]{16,}[\w.-]*/g, GONE],
  [/(?<![\w./-])(?<!:\/\/)(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+/=-]{20,}(?![\w/=+-]|[.:]\w)/g, GONE],
];
