import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive } from './dev-server-record.ts';
import { TemporalError } from '../temporal-error.ts';

export interface Waiting {
  readonly say: (line: string) => void;
  /** Longer than anybody holds it. */
  readonly withinMs?: number;
}

const WITHIN_MS = 90_000;
const SAYS_SO_AFTER_MS = 5_000;

/** Those of this process. */
const held = new Set<string>();

/**
 * One process at a time holds the file; answers how to let go of it, which its end does too. One whose owner has gone is
 * taken over. Throws TemporalError where it is held for too long.
 */
export async function lock(path: string, { say, withinMs = WITHIN_MS }: Waiting): Promise<() => void> {
  const begunMs = performance.now();
  let tellsMs = SAYS_SO_AFTER_MS;
  while (!take(path)) {
    const waitedMs = performance.now() - begunMs;
    if (waitedMs >= withinMs) throw stuck(path, waitedMs);
    if (waitedMs >= tellsMs) {
      say(`waiting for ${path}, which ${nameOf(ownerOf(path))} holds`);
      tellsMs += SAYS_SO_AFTER_MS;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  held.add(path);
  const release = (): void => {
    process.off('exit', release);
    if (held.delete(path)) rmSync(path, { force: true });
  };
  process.on('exit', release);
  return release;
}

/** It is never there without its owner's number: what is written elsewhere becomes it at once. */
function take(path: string): boolean {
  const own = `${path}.${randomUUID()}`;
  try {
    const owner = ownerOf(path);
    if (owner !== undefined && !isDead(path, owner)) return false;
    writeFileSync(own, String(process.pid), { mode: 0o600 });
    return owner === undefined ? becomes(own, path) : takeOver(own, path);
  } catch (error) {
    const { code = 'no reason given' } = error as NodeJS.ErrnoException;
    throw new TemporalError(
      `${path} cannot be made: ${code}`,
      'See that its folder is yours, and has room; THREESCALE_UPGRADE_HOME names another one, TEMPORAL_ADDRESS another server.',
    );
  } finally {
    rmSync(own, { force: true });
  }
}

/** False where one is there already. */
function becomes(own: string, path: string): boolean {
  try {
    linkSync(own, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** By one at a time, who looks once more: whoever looked before may see the lock of the one that came first. */
function takeOver(own: string, path: string): boolean {
  if (!becomes(own, takingOver(path)) && !takesOverFrom(own, takingOver(path))) return false;
  const owner = ownerOf(path);
  if (owner === undefined || !isDead(path, owner)) {
    rmSync(takingOver(path));
    return false;
  }
  renameSync(takingOver(path), path);
  return true;
}

/** One that was killed in the middle of it has left its file: that is taken over by the same rules. */
function takesOverFrom(own: string, path: string): boolean {
  const owner = ownerOf(path);
  return owner !== undefined && isDead(path, owner) && takeOver(own, path);
}

const takingOver = (path: string): string => `${path}.takeover`;

/** Where a container begins anew its processes have the numbers of those before: nobody waits for oneself. */
const isDead = (path: string, owner: number): boolean =>
  owner === process.pid ? !held.has(path) : !isAlive(owner);

/** Undefined where nobody holds it; 0 where an earlier release has left it empty. */
function ownerOf(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

const nameOf = (owner: number | undefined): string =>
  owner === undefined ? 'another command' : `process ${owner}`;

function stuck(path: string, waitedMs: number): TemporalError {
  return new TemporalError(
    `${path} was not let go of for ${Math.ceil(waitedMs / 1_000)} s: ${nameOf(ownerOf(path))} is at the same work, or has left it`,
    `Where no other command is at it, type: rm -f ${path} ${takingOver(path)}; then the same again.`,
  );
}
