import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const MIB = 1024 * 1024;

/** Bytes that a file of each kind may have: several times what its largest sensible one has. */
export const FILE_LIMITS = {
  /** 10,000 tenants with 400 bytes each. */
  fleet: 4 * MIB,
  tenant: MIB / 4,
  calendar: MIB,
  /** A thousand clusters with their certificates. */
  kubeconfig: 4 * MIB,
  plan: 4 * MIB,
  /** 3,000 tenants with what is found of each. */
  'fleet-plan': 128 * MIB,
} as const;

export type FileKind = keyof typeof FILE_LIMITS;

/** What is not read, whatever is in it. `message` goes on after the file's name. */
export class UnfitFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnfitFile';
  }
}

const tooLarge = (kind: FileKind): UnfitFile =>
  new UnfitFile(`is larger than the ${sizeOf(FILE_LIMITS[kind])} that a ${NAMES[kind]} may be`);

const NAMES: Readonly<Record<FileKind, string>> = {
  fleet: 'fleet file',
  tenant: 'tenant file',
  calendar: 'calendar',
  kubeconfig: 'kubeconfig',
  plan: 'plan',
  'fleet-plan': 'plan of a fleet',
};

/** A file's text, of which never more than the limit is read, also where it is a device or a pipe. Throws UnfitFile. */
export function readBounded(path: string, kind: FileKind): string {
  const limit = FILE_LIMITS[kind];
  const descriptor = openSync(path, 'r');
  try {
    if (fstatSync(descriptor).size > limit) throw tooLarge(kind);
    const chunks: Buffer[] = [];
    for (let length = 0; ;) {
      const chunk = Buffer.allocUnsafe(64 * 1024);
      const count = readSync(descriptor, chunk);
      if (count === 0) return textOf(Buffer.concat(chunks));
      length += count;
      if (length > limit) throw tooLarge(kind);
      chunks.push(chunk.subarray(0, count));
    }
  } finally {
    closeSync(descriptor);
  }
}

/** As PowerShell's `>` and some editors write it: with a mark of its byte order, or every other byte of a letter zero. */
function textOf(content: Buffer): string {
  const [first, second] = content;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (isMarked || first === 0 || second === 0) throw new UnfitFile('is written in UTF-16: save it as UTF-8');
  return content.toString('utf8');
}

const sizeOf = (bytes: number): string => (bytes < MIB ? `${bytes / 1024} KiB` : `${bytes / MIB} MiB`);
