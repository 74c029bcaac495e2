import type { FleetEstimate } from '../spec/spec.ts';
import type { Freeze, MaintenanceWindow, WindowPolicy } from '../../windows/policy.ts';
import { isAlwaysOpen } from '../../windows/policy.ts';
import { findWindow, windowProblems, windowWarnings } from '../../windows/find-window.ts';
import type { DatesEntry, FreezeEntry, Settings } from './fleet-file.ts';
import type { Place, Remarks } from './remarks.ts';

/** Of one calendar. */
const MOST_WARNINGS = 5;
const NO_ESTIMATE = { switchMinutes: 0, rollbackMinutes: 0 };

/** Looks at windows and freezes, each kind once: ten thousand tenants may have the same. */
export class WindowCheck {
  readonly #known = new Map<string, readonly string[]>();
  readonly #policies = new Map<WindowPolicy, readonly string[]>();
  readonly #said = new Set<string>();
  readonly #warned = new Set<string>();
  readonly #neededMs: number;
  readonly #nowMs: number;
  readonly #remarks: Remarks;

  constructor(estimate: FleetEstimate, nowMs: number, remarks: Remarks) {
    this.#neededMs = (estimate.stageMinutes + estimate.switchMinutes + estimate.rollbackMinutes) * 60_000;
    this.#nowMs = nowMs;
    this.#remarks = remarks;
  }

  /** Each window and each freeze for itself, where it stands. */
  statements({ windows = [], freezes = [] }: Settings, place: Place): void {
    windows.forEach((window, index) => {
      const at = [...place, 'windows', index];
      this.#say(at, this.#ofWindow(window));
      this.#warn(at, windowWarnings([window]));
    });
    freezes.forEach((freeze, index) => {
      const at = [...place, 'freezes', index];
      if (!('calendar' in freeze)) {
        this.#say(at, this.#ofFreeze(withoutUndefined(freeze)));
        return;
      }
      const { calendar, read } = freeze;
      this.#say([...at, 'calendar'], read.problems);
      this.#warn([...at, 'calendar'], read.warnings);
      if (read.problems.length === 0 && read.freezes.length === 0)
        this.#remarks.warn([...at, 'calendar'], `no event of ${calendar} lies ahead: it freezes nothing`);
    });
  }

  /** All of them together: is there ever room for a tenant? What is wrong by itself has been said. */
  policy(policy: WindowPolicy, place: Place): void {
    const problems = this.#policies.get(policy) ?? this.#ofPolicy(policy);
    this.#policies.set(policy, problems);
    this.#say(place, problems);
  }

  #ofPolicy(policy: WindowPolicy): readonly string[] {
    if (isAlwaysOpen(policy)) return [];
    const isSound =
      policy.windows.every((window) => this.#ofWindow(window).length === 0) &&
      policy.freezes.every((freeze) => this.#ofFreeze(freeze).length === 0);
    if (!isSound) return [];
    const answer = findWindow(policy, this.#neededMs, this.#nowMs);
    return answer.status === 'never'
      ? [
          `${answer.why} (to stage, to switch and to roll back): open longer, move one of them, or lower estimate`,
        ]
      : [];
  }

  #ofWindow(window: MaintenanceWindow): readonly string[] {
    return this.#once(['window', window], () =>
      windowProblems({ windows: [window], freezes: [], estimate: NO_ESTIMATE }, this.#nowMs),
    );
  }

  #ofFreeze(freeze: Freeze): readonly string[] {
    return this.#once(['freeze', freeze], () =>
      windowProblems({ windows: [], freezes: [freeze], estimate: NO_ESTIMATE }, this.#nowMs),
    );
  }

  #once(key: unknown, look: () => string[]): readonly string[] {
    const text = JSON.stringify(key);
    const known = this.#known.get(text) ?? look();
    this.#known.set(text, known);
    return known;
  }

  /** Each once, where it stands first; the first few: a calendar may have many of one kind. */
  #warn(place: Place, warnings: readonly string[]): void {
    const fresh = warnings.filter((warning) => !this.#warned.has(warning));
    for (const warning of fresh.slice(0, MOST_WARNINGS)) this.#remarks.warn(place, warning);
    const more = fresh.length - MOST_WARNINGS;
    if (more > 0) this.#remarks.warn(place, `and ${more} more events like these`);
    for (const warning of fresh) this.#warned.add(warning);
  }

  #say(place: Place, problems: readonly string[]): void {
    for (const problem of problems) {
      const key = JSON.stringify([place, problem]);
      if (!this.#said.has(key)) this.#remarks.problem(place, problem);
      this.#said.add(key);
    }
  }
}

/** What an entry freezes. */
export function freezesOf(entry: FreezeEntry): readonly Freeze[] {
  return 'calendar' in entry ? entry.read.freezes : [withoutUndefined(entry)];
}

function withoutUndefined({ name, ...freeze }: DatesEntry): Freeze {
  return name === undefined ? freeze : { ...freeze, name };
}
