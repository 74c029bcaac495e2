import { createHash } from 'node:crypto';
import { isRecord } from './schema/decode.ts';

/**
 * One mutation that reached the server, whatever became of it. How to read it: `effective` ones have changed something,
 * and only those have; `status` is what the API said, `answered` what the client heard of that. An entry is written when
 * the request is carried out (`at`), which is later than it came (`cameAt`) where a fault held it up. What a fault stopped
 * before it was carried out has status 0, or the fault's, and is not effective. Values are never kept, for objects hold
 * passwords, but those of annotations; `body` tells two bodies apart.
 */
export interface LoggedRequest {
  /** Counted up from 1, over all clusters' own. */
  readonly number: number;
  readonly cameAt: number;
  readonly at: number;
  readonly user: string;
  readonly userAgent: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly status: number;
  readonly effective: boolean;
  readonly answered: 'sent' | 'late' | 'lost' | 'never';
  /** Kinds of the faults it met. */
  readonly faults: readonly string[];
  /** `add /spec/tags/-` for each operation of a JSON patch, `spec.paused` for each leaf of another body. */
  readonly changes: readonly string[];
  readonly annotations: Readonly<Record<string, string>>;
  /** A fingerprint of the whole body. */
  readonly body: string;
}

export type RequestToLog = Omit<LoggedRequest, 'number' | 'changes' | 'annotations' | 'body'> & {
  readonly text: string;
};

/** Every mutation by anybody but the controllers, in the order in which they were carried out. */
export interface RequestLog {
  add(request: RequestToLog): void;
  /** Those after this number. */
  since(number: number): readonly LoggedRequest[];
  clear(): void;
}

export function createRequestLog(): RequestLog {
  let entries: LoggedRequest[] = [];
  let count = 0;
  return {
    add({ text, ...request }) {
      count += 1;
      const body = createHash('sha256').update(text).digest('hex').slice(0, 12);
      entries.push({ number: count, ...request, ...essence(text), body });
    },
    since: (number) => entries.filter((entry) => entry.number > number),
    clear() {
      entries = [];
    },
  };
}

function essence(text: string): Pick<LoggedRequest, 'changes' | 'annotations'> {
  const parsed = parse(text);
  if (!Array.isArray(parsed)) {
    const metadata = isRecord(parsed) && isRecord(parsed.metadata) ? parsed.metadata : {};
    return { changes: leaves(parsed, '').slice(0, 100), annotations: texts(metadata.annotations) };
  }
  const operations = parsed.filter(isRecord);
  const annotations = operations.map(({ path, value }) => {
    if (path === '/metadata/annotations') return texts(value);
    const key = /^\/metadata\/annotations\/([^/]+)$/.exec(String(path))?.[1];
    return key === undefined ? {} : texts({ [key.replaceAll('~1', '/').replaceAll('~0', '~')]: value });
  });
  return {
    changes: operations.map(({ op, path }) => `${String(op)} ${String(path)}`),
    annotations: Object.assign({}, ...annotations) as Record<string, string>,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const texts = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).map(([key, text]) => [key, String(text).slice(0, 500)]),
  );

function leaves(value: unknown, path: string): string[] {
  if (!isRecord(value)) return path ? [path] : [];
  return Object.entries(value).flatMap(([key, child]) => leaves(child, path ? `${path}.${key}` : key));
}
