import { readFileSync, readdirSync } from 'node:fs';

/** Ticks of a second in /proc, as every Linux has them. */
const TICKS = 100;
const SAMPLED_EVERY_MS = 250;

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly ownMs: number;
  /** Of its children that have ended, with theirs, as far as they were waited for. */
  readonly endedChildrenMs: number;
}

/** What Linux says of a process; undefined where it is gone. */
function statOf(pid: number | 'self'): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces: fields are counted from behind it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
    const ms = (ticks: number): number => (ticks * 1_000) / TICKS;
    return {
      pid: Number.parseInt(stat, 10),
      parent: Number(fields[1]),
      ownMs: ms(user + system),
      endedChildrenMs: ms(childUser + childSystem),
    };
  } catch {
    return undefined;
  }
}

/** CPU of a process that runs, with its children that have ended, in ms; 0 where it is gone. */
export function cpuOf(pid: number): number {
  const stat = statOf(pid);
  return stat ? stat.ownMs + stat.endedChildrenMs : 0;
}

/** CPU of all processes that this one has started and that have ended, with all that these had started, in ms. */
export function cpuOfEndedChildren(): number {
  return statOf('self')?.endedChildrenMs ?? 0;
}

/** The process and all below it that run now. */
export function treeOf(root: number): number[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => statOf(Number(name)) ?? []);
  const found = new Set([root]);
  // Processes are listed by number, and numbers begin anew at some time: a child may stand before its parent.
  for (let before = 0; before !== found.size;) {
    before = found.size;
    for (const { pid, parent } of all) if (found.has(parent)) found.add(pid);
  }
  return [...found];
}

/** The memory of a process, of what it shares with others its part, in MB; 0 where it is gone. */
function memoryOf(pid: number): number {
  try {
    const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
    return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
}

/** Looks at trees of processes four times a second: what they have in memory together, at most. */
export class MemoryWatch {
  readonly #roots: () => readonly number[];
  readonly #timer: NodeJS.Timeout;
  #peakMb = 0;

  /** `roots`: asked at every look, for some of them may begin later. */
  constructor(roots: () => readonly number[]) {
    this.#roots = roots;
    this.#timer = setInterval(() => {
      this.#look();
    }, SAMPLED_EVERY_MS);
  }

  #look(): void {
    const pids = new Set(this.#roots().flatMap(treeOf));
    const mb = [...pids].reduce((sum, pid) => sum + memoryOf(pid), 0);
    this.#peakMb = Math.max(this.#peakMb, mb);
  }

  /** Ends it. */
  stop(): number {
    clearInterval(this.#timer);
    return this.#peakMb;
  }
}
