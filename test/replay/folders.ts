import { gunzipSync } from 'node:zlib';

/** The traces of failures name folders of the machine that recorded them. Nothing that replays reads them. */
export function withoutTraces(history: string): string {
  const emptied = (key: string, value: unknown): unknown => (key === 'stackTrace' ? '' : value);
  return JSON.stringify(JSON.parse(history, emptied), undefined, 2);
}

const FOLDER = /file:\/\/\/|(?<![\w.:/-])\/(?:work|home|root|tmp|Users|var|usr|opt|srv|mnt)\/[^\s"']+/g;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const GZIP = Buffer.from([0x1f, 0x8b]);

/** Every folder of a machine that a history names, in its payloads too. */
export function foldersIn(history: string): string[] {
  return strings(JSON.parse(history)).flatMap((text) =>
    [text, ...decoded(text)].flatMap((each) => each.match(FOLDER) ?? []),
  );
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

/** What a payload holds: as it is, or compressed. */
function decoded(text: string): string[] {
  if (!BASE64.test(text)) return [];
  const bytes = Buffer.from(text, 'base64');
  return [(bytes.subarray(0, 2).equals(GZIP) ? gunzipSync(bytes) : bytes).toString('utf8')];
}
