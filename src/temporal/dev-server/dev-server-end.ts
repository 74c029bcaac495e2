import { setTimeout as sleep } from 'node:timers/promises';
import type { Say } from './dev-server-executable.ts';
import { isAlive, readRecorded, record, stateFile as file } from './dev-server-record.ts';
import { othersUseIt } from './dev-server-users.ts';
import { lock } from './server-lock.ts';

/** Ends the server of this process number, unless another process works with it by now: then it answers false. */
export async function stopIfUnused(pid: number, say: Say): Promise<boolean> {
  const release = await lock(file('server.lock'), { say });
  try {
    const recorded = readRecorded();
    if (recorded?.pid !== pid || othersUseIt()) return false;
    // Whoever comes from now on finds none that runs, and waits for the lock; whoever came before is seen.
    record({ ...recorded, pid: 0 });
    if (othersUseIt()) {
      record(recorded);
      return false;
    }
    await endProcess(pid);
    return true;
  } finally {
    release();
  }
}

/** As `stopIfUnused`, when this process ends and nothing else is done any more; answers how to let go of it. */
export function stopAtExit(pid: number): () => void {
  const stop = (): void => {
    const recorded = readRecorded();
    if (recorded?.pid !== pid || othersUseIt()) return;
    record({ ...recorded, pid: 0 });
    if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  };
  process.once('exit', stop);
  return () => process.off('exit', stop);
}

/** Until it has ended, for five seconds at most. */
export async function endProcess(pid: number): Promise<void> {
  if (isAlive(pid)) process.kill(pid, 'SIGTERM');
  for (let tries = 0; tries < 100 && isAlive(pid); tries += 1) await sleep(50);
}
