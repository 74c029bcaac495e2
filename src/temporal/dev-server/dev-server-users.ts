import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { isAlive, stateFile } from './dev-server-record.ts';
import { stateFolder } from './folders.ts';

/** Who works with the embedded server has a file named after its process. */
const USER = /^server\.user\.(\d+)$/;

/** Those of this process. */
const own = new Set<string>();

/**
 * Says that this process works with the embedded server, until it ends. Before it looks whether one runs: whoever started
 * one only to look at something ends it again, and must not end it under somebody's hands.
 */
export function announceUse(): void {
  const file = stateFile(`server.user.${process.pid}`);
  if (own.has(file)) return;
  try {
    mkdirSync(stateFolder(), { recursive: true, mode: 0o700 });
    writeFileSync(file, '', { mode: 0o600 });
  } catch {
    // Whoever starts the server says what is wrong with the folder.
    return;
  }
  own.add(file);
  process.once('exit', () => {
    rmSync(file, { force: true });
  });
}

/** True where another process works with it; forgets those that were killed. */
export function othersUseIt(): boolean {
  const pids = readdirSync(stateFolder()).flatMap((name) => {
    const pid = Number(USER.exec(name)?.[1] ?? 0);
    return pid === 0 || pid === process.pid ? [] : [pid];
  });
  for (const pid of pids.filter((one) => !isAlive(one)))
    rmSync(stateFile(`server.user.${pid}`), { force: true });
  return pids.some(isAlive);
}
