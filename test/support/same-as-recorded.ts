/**
 * Compares an answer with a recorded one. Placeholders `<uid:N>` and `<rv:N>` stand for one value each within a
 * recording, `<time>` for any time. Server-made noise that no client can rely on is named here, and nowhere else.
 */
export class Bindings {
  readonly #values = new Map<string, string>();
  #sequence = new Map<string, string>();
  readonly generatedValues: boolean;

  constructor(options: { generatedValues?: boolean } = {}) {
    this.generatedValues = options.generatedValues ?? false;
  }

  /** Placeholders are numbered within a recording; generated values hold for the whole sequence. */
  forRecording(): Bindings {
    const own = new Bindings({ generatedValues: this.generatedValues });
    own.#sequence = this.#sequence;
    return own;
  }

  bindGenerated(recorded: string, actual: string): boolean {
    const bound = this.#sequence.get(recorded);
    if (bound === undefined) this.#sequence.set(recorded, actual);
    return bound === undefined || bound === actual;
  }

  bind(placeholder: string, value: string): boolean {
    const bound = this.#values.get(placeholder);
    if (bound === undefined) {
      this.#values.set(placeholder, value);
      return true;
    }
    return bound === value;
  }

  /** Puts bound values into a request; a version that nothing has named yet is `current`. */
  substitute(text: string, current: string): string {
    return text.replaceAll(/<(?:uid|rv):\d+>/g, (placeholder) => this.#values.get(placeholder) ?? current);
  }
}

const RANDOM_TEXT: Readonly<Record<string, (value: string) => boolean>> = {
  'openshift.io/deployer-pod.created-at': isGoTime,
  'openshift.io/deployer-pod.started-at': isGoTime,
  continue: (value) => value.length > 0,
  clusterIP: (value) => /^10\./.test(value),
  'clusterIPs[0]': (value) => /^10\./.test(value),
  podIP: (value) => /^10\./.test(value),
  'podIPs[0].ip': (value) => /^10\./.test(value),
};

/** The random end of a pod's name, and of its token's volume. */
const RANDOM_NAME = /(?<=-\d+-|^kube-api-access-)[b-df-hj-np-tv-xz2-9]{5}$/;

function isGoTime(value: string): boolean {
  return /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+0000 UTC$/.test(value);
}

/** A client that asked for protobuf got it recorded as `base64:…`; the simulator speaks JSON: only the status counts. */
const isProtobuf = (recorded: unknown): boolean =>
  typeof recorded === 'string' && recorded.startsWith('base64:');

/** What the recorder wrote in the place of an image with its layers. */
const IMAGE_OBJECT = '<image object>';

/** Paths and both values of every difference; empty when the answers are the same. */
export function differences(recorded: unknown, actual: unknown, bindings: Bindings, path = ''): string[] {
  if (isProtobuf(recorded) || (recorded === IMAGE_OBJECT && isObject(actual))) return [];
  if (typeof recorded === 'string') return text(recorded, actual, bindings, path);
  if (Array.isArray(recorded)) {
    if (!Array.isArray(actual)) return [`${path}: expected a list, got ${show(actual)}`];
    const lengths =
      recorded.length === actual.length
        ? []
        : [`${path}: ${recorded.length} items expected, got ${actual.length}`];
    return [
      ...lengths,
      ...recorded.flatMap((item: unknown, i) =>
        i < actual.length ? differences(item, actual[i], bindings, `${path}[${i}]`) : [],
      ),
    ];
  }
  if (isObject(recorded)) {
    if (!isObject(actual)) return [`${path}: expected an object, got ${show(actual)}`];
    const keys = new Set([...Object.keys(recorded), ...Object.keys(actual)]);
    return [...keys].flatMap((key) => {
      const at = path ? `${path}.${key}` : key;
      if (!(key in recorded)) return [`${at}: unexpected ${show(actual[key])}`];
      if (!(key in actual)) return [`${at}: missing, expected ${show(recorded[key])}`];
      return differences(recorded[key], actual[key], bindings, at);
    });
  }
  return recorded === actual ? [] : [`${path}: expected ${show(recorded)}, got ${show(actual)}`];
}

function text(recorded: string, actual: unknown, bindings: Bindings, path: string): string[] {
  const fail = [`${path}: expected ${show(recorded)}, got ${show(actual)}`];
  if (typeof actual !== 'string') return fail;
  // The golden installation was made anew for the `oc` sequence: generated values differ, each always in the same way.
  if (bindings.generatedValues && /\.env\[\d+\]\.value$|\.command\[\d+\]$/.test(path)) {
    return bindings.bindGenerated(recorded, actual) ? [] : fail;
  }
  if (recorded === '<time>') return /^\d{4}-\d\d-\d\dT/.test(actual) ? [] : fail;
  if (/^<(?:uid|rv):\d+>$/.test(recorded)) return bindings.bind(recorded, actual) ? [] : fail;
  const key = Object.keys(RANDOM_TEXT).find((name) => path.endsWith(name));
  if (key) return RANDOM_TEXT[key]?.(actual) ? [] : fail;
  if (path.endsWith('openshift.io/encoded-deployment-config')) {
    return differences(withoutManagedFields(recorded), withoutManagedFields(actual), bindings, path);
  }
  if (RANDOM_NAME.test(recorded) && path.endsWith('name')) {
    return recorded.replace(RANDOM_NAME, '') === actual.replace(RANDOM_NAME, '') ? [] : fail;
  }
  const quoted = quotedObject(recorded);
  if (quoted) {
    const [own, around] = [quotedObject(actual), `${quoted.before}…${quoted.after}`];
    if (!own || around !== `${own.before}…${own.after}`) return fail;
    return differences(withoutManagedFields(quoted.json), withoutManagedFields(own.json), bindings, path);
  }
  if (!recorded.includes('<')) return recorded === actual ? [] : fail;
  return matches(recorded, actual, bindings) ? [] : fail;
}

/** An error that quotes a whole object: what stands around it, and the object. */
function quotedObject(message: string): { before: string; json: string; after: string } | undefined {
  const [, before, json, after] = /^(.*Invalid value: )("\{(?:[^"\\]|\\.)*")(.*)$/s.exec(message) ?? [];
  if (before === undefined || json === undefined || after === undefined) return undefined;
  return { before, json: String(JSON.parse(json)), after };
}

/** A text with placeholders inside. */
function matches(recorded: string, actual: string, bindings: Bindings): boolean {
  const placeholders: string[] = [];
  const pattern = recorded
    .split(/(<(?:uid|rv):\d+>|<time>)/)
    .map((part) => {
      if (!/^<(?:uid|rv):\d+>$|^<time>$/.test(part)) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      placeholders.push(part);
      return '([-0-9a-zA-Z:.]+)';
    })
    .join('');
  const found = new RegExp(`^${pattern}$`).exec(actual);
  return (
    found !== null &&
    placeholders.every(
      (placeholder, i) => placeholder === '<time>' || bindings.bind(placeholder, found[i + 1] ?? ''),
    )
  );
}

function withoutManagedFields(json: string): unknown {
  const parsed: unknown = JSON.parse(json);
  if (isObject(parsed) && isObject(parsed.metadata)) delete parsed.metadata.managedFields;
  return parsed;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const show = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').slice(0, 200);
