import { readFileSync } from 'node:fs';

/** Ticks of a second in /proc, as every Linux has them. */
const TICKS = 100;

/** What Linux says of a process; throws where it is gone, or where there is no /proc. */
export function processFigures(pid: number): { readonly cpuMs: number; readonly peakMb: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The name, in parentheses, may hold spaces: fields are counted from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0] = [fields[11], fields[12]].map(Number);
  const peakKb = Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return { cpuMs: ((user + system) * 1_000) / TICKS, peakMb: peakKb / 1_024 };
}

/** CPU that some processes use from now on, whatever they used before; of one that was killed, what it had used. */
export class CpuMeter {
  readonly #before = new Map<number, number>();
  readonly #last = new Map<number, number>();

  add(pid: number): void {
    this.#before.set(pid, processFigures(pid).cpuMs);
  }

  /** What they have used; to be asked before one of them is killed. */
  usedMs(): number {
    for (const pid of this.#before.keys()) {
      try {
        this.#last.set(pid, processFigures(pid).cpuMs);
      } catch {
        // Gone: what it had used is known.
      }
    }
    return [...this.#before].reduce(
      (sum, [pid, before]) => sum + (this.#last.get(pid) ?? before) - before,
      0,
    );
  }
}
