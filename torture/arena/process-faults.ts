import type { ProcessFault } from '../random/plan.ts';
import type { Arena } from './arena.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms)));

/** A fault of processes as it was made, and when everything ran again. */
export interface ProcessInjected {
  readonly kind: ProcessFault['kind'];
  readonly at: number;
  readonly overAt: number;
}

/** Makes one fault after another, each at its time; resolves when all is over. */
export async function makeProcessFaults(
  arena: Arena,
  faults: readonly ProcessFault[],
  startedAt: number,
): Promise<ProcessInjected[]> {
  const made: ProcessInjected[] = [];
  for (const fault of faults) {
    const { kind, afterMs } = fault;
    if (kind === 'engine-forgets') {
      await sleep(startedAt + afterMs / 2 - Date.now());
      await bounce(arena, () => {
        arena.temporal.remember('earlier.db');
      });
      arena.story.tell('Temporal’s database is copied');
    }
    await sleep(startedAt + afterMs - Date.now());
    const at = Date.now();
    await make(arena, fault);
    made.push({ kind, at, overAt: Date.now() });
  }
  return made;
}

async function make(arena: Arena, { kind, forMs }: ProcessFault): Promise<void> {
  const { crew, story, temporal } = arena;
  const [first] = crew.alive;
  switch (kind) {
    case 'worker-kill':
      if (!first) return;
      story.tell(`SIGKILL for worker ${first.name}`);
      await crew.kill(first);
      await sleep(forMs);
      story.tell(`worker ${(await crew.start()).name} runs`);
      return;
    case 'worker-stop':
      if (!first) return;
      story.tell(`SIGSTOP for worker ${first.name}`);
      crew.stop(first);
      await sleep(forMs);
      story.tell(`SIGCONT for worker ${first.name}`);
      crew.go(first);
      return;
    case 'temporal-kill':
      story.tell('SIGKILL for Temporal');
      await bounce(arena, () => sleep(forMs));
      story.tell('Temporal runs again');
      return;
    case 'both-kill': {
      story.tell('SIGKILL for Temporal and every worker');
      const count = crew.alive.length;
      await Promise.all([temporal.kill(), ...crew.alive.map((member) => crew.kill(member))]);
      await sleep(forMs);
      await temporal.start();
      await Promise.all(Array.from({ length: count }, () => crew.start()));
      story.tell('Temporal and new workers run');
      return;
    }
    case 'engine-forgets':
      story.tell('Temporal is killed, and its database put back to the copy');
      await bounce(arena, () => {
        temporal.forget('earlier.db');
      });
      story.tell('Temporal runs again, as it was');
  }
}

async function bounce({ temporal }: Arena, meanwhile: () => void | Promise<void>): Promise<void> {
  await temporal.kill();
  await meanwhile();
  await temporal.start();
}
