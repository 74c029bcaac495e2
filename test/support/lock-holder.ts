/** Takes the lock of its first argument, so often as its second says, and exits with 1 where another process has it too. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { lock } from '../../src/temporal/dev-server/server-lock.ts';
import { runs } from './cli-process.ts';

const [path = '', times = '1', end = 'releases'] = process.argv.slice(2);
const inside = `${path}-inside`;
process.on('SIGTERM', () => process.exit(130));

for (let time = 1; time <= Number(times); time += 1) {
  const release = await lock(path, { say: () => undefined });
  try {
    if (runs(Number(readFileSync(inside, 'utf8')))) process.exit(1);
  } catch {
    // Nobody is in.
  }
  writeFileSync(inside, String(process.pid));
  await sleep(5 * Math.random());
  if (readFileSync(inside, 'utf8') !== String(process.pid)) process.exit(1);
  if (end === 'is killed' && time === Number(times)) process.kill(process.pid, 'SIGKILL');
  if (end === 'waits') {
    process.stdout.write('held\n');
    await sleep(60_000);
  }
  rmSync(inside);
  release();
}
