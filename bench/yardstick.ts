import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';

const EVERY_MS = 2_000;
const WARM_UP = 30;

/**
 * What a fixed piece of work costs while something else is measured: on a machine that others use as well, the same work
 * takes more CPU at one time than at another, and costs are compared by this yardstick.
 */
export interface Yardstick {
  /** CPU of the piece of work on the average since the last call, ms. */
  takeMs(): number;
  stop(): void;
}

export async function startYardstick(): Promise<Yardstick> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let samples: number[] = [];
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      samples.push(...chunk.toString().trim().split('\n').map(Number));
      resolve();
    });
  });
  return {
    takeMs: () => {
      const taken = samples;
      samples = [];
      return taken.reduce((sum, sample) => sum + sample, 0) / taken.length;
    },
    stop: () => void child.kill(),
  };
}

/** Of the kind of work that a worker does: objects made, written, hashed and read. */
function work(): void {
  for (let round = 0; round < 4; round += 1) {
    const objects = Array.from({ length: 2_000 }, (_, place) => ({
      name: `object-${place}`,
      labels: { app: 'threescale', component: `c${place % 7}` },
      values: [place, place * 2, String(place)],
    }));
    const text = JSON.stringify(objects);
    createHash('sha256').update(text).digest('hex');
    JSON.parse(text);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (let round = 0; round < WARM_UP; round += 1) work();
  const measure = (): void => {
    const before = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(before);
    process.stdout.write(`${(user + system) / 1_000}\n`);
  };
  measure();
  setInterval(measure, EVERY_MS);
}
