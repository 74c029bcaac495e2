import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Context } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
};
const COMPRESSED = /^(text\/|image\/svg|application\/)/;
const WORTH_BYTES = 1_000;
const ENTRY = '/index.html';
/** Their names change with what is in them. */
const HASHED = /^\/assets\//;

interface PageFile {
  readonly type: string;
  readonly tag: string;
  readonly plain: Buffer;
  readonly br?: Buffer;
  readonly gzip?: Buffer;
}

/** The page's files, held in memory and compressed once: they are few, and nothing else is ever served by name. */
export class Page {
  readonly #files: ReadonlyMap<string, PageFile>;

  constructor(folder: string) {
    const names = readdirSync(folder, { recursive: true, withFileTypes: true });
    this.#files = new Map(
      names
        .filter((entry) => entry.isFile() && TYPES[extname(entry.name)] !== undefined)
        .map((entry) => {
          const path = join(entry.parentPath, entry.name);
          return [`/${path.slice(folder.length).split('\\').join('/').replace(/^\/+/, '')}`, fileAt(path)];
        }),
    );
  }

  /** Names what the page is made of: another after every change. */
  get build(): string {
    return this.#files.get(ENTRY)?.tag ?? 'none';
  }

  /** A file of the page; the page itself for every path of its own. */
  answer(c: Context): Response {
    const { path } = c.req;
    const file = this.#files.get(path) ?? (extname(path) === '' ? this.#files.get(ENTRY) : undefined);
    if (!file) return c.text('there is no such file\n', 404);
    c.header('Content-Type', file.type);
    c.header('ETag', `"${file.tag}"`);
    c.header('Vary', 'Accept-Encoding');
    c.header('Cache-Control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
    if (c.req.header('if-none-match') === `"${file.tag}"`) return c.body(null, 304);
    const accepts = c.req.header('accept-encoding') ?? '';
    const encoding = (['br', 'gzip'] as const).find((one) => file[one] && accepts.includes(one));
    if (encoding) c.header('Content-Encoding', encoding);
    const body = (encoding && file[encoding]) ?? file.plain;
    return c.body(new Uint8Array(body));
  }
}

function fileAt(path: string): PageFile {
  const plain = readFileSync(path);
  const type = TYPES[extname(path)] ?? 'application/octet-stream';
  const tag = createHash('sha256').update(plain).digest('hex').slice(0, 16);
  if (!COMPRESSED.test(type) || plain.length < WORTH_BYTES) return { type, tag, plain };
  const br = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  return { type, tag, plain, br, gzip: gzipSync(plain) };
}
