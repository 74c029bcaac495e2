import { chmodSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Runs `work`, whose files nobody else can read: those of a process that it starts too. Not for what awaits. */
export function withPrivateFiles<T>(work: () => T): T {
  const before = process.umask(0o077);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}

/** Makes the folder, or takes it, and whatever lies in it, away from others: earlier releases left it to be read. */
export function makePrivate(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // A folder that is everybody's, such as /tmp, is not ours to close; its files are named one by one all the same.
  const { uid, mode } = statSync(folder);
  if (uid === process.getuid?.() && (mode & 0o1000) === 0) chmodSync(folder, 0o700);
  for (const name of readdirSync(folder)) {
    if (/^(temporal\.db|server\.)/.test(name)) chmodIfOurs(join(folder, name));
  }
}

function chmodIfOurs(path: string): void {
  try {
    if (statSync(path).isFile()) chmodSync(path, 0o600);
  } catch {
    // Gone meanwhile, or somebody else's.
  }
}
