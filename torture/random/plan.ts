import type { Injection } from '../arena/tenant.ts';
import {
  API_KINDS,
  MESSAGE_KINDS,
  PLACE_KINDS,
  PROCESS_KINDS,
  WORK_KINDS,
  WORLD_KINDS,
} from '../faults/kinds.ts';
import type { Kind, ProcessKind, WorldKind } from '../faults/kinds.ts';
import type { Dice } from './dice.ts';
import { dice } from './dice.ts';

export interface TenantPlan {
  /** Which of the world's clusters. */
  readonly site: number;
  readonly impersonation: boolean;
  readonly onFailure: 'revert' | 'hold';
  readonly policy: 'patient' | 'reverting' | 'leaving';
  readonly startsAfterMs: number;
  readonly injections: readonly Injection[];
}

export interface WorldPlan {
  readonly seed: string;
  readonly sites: number;
  /** Its tenants are upgraded by a fleet. */
  readonly fleet: boolean;
  readonly tenants: readonly TenantPlan[];
}

/** Something that is done to processes, and for how long. */
export interface ProcessFault {
  readonly kind: ProcessKind;
  readonly afterMs: number;
  readonly forMs: number;
}

export interface GroupPlan {
  readonly seed: string;
  readonly worlds: readonly WorldPlan[];
  readonly faults: readonly ProcessFault[];
}

export interface PlanOptions {
  readonly worlds: number;
  readonly only?: Kind | undefined;
}

/** More requests than an upgrade makes on its way there: faults fall everywhere, and sometimes too late. */
const LAST_REQUEST = 130;

/** What a seed means, all of it decided before anything runs. */
export function planGroup(seed: string, { worlds, only }: PlanOptions): GroupPlan {
  const chance = dice(`${seed}/group`);
  const isProcess = only !== undefined && isProcessKind(only);
  // Half a minute of silence holds up a whole group: it comes in one of four.
  const mayBeSlow = only !== undefined || chance.chance(0.25);
  return {
    seed,
    faults: only !== undefined && !isProcess ? [] : processFaults(chance, isProcess ? only : undefined),
    worlds: Array.from({ length: worlds }, (_, index) => planWorld(`${seed}/${index}`, { only, mayBeSlow })),
  };
}

const isProcessKind = (kind: Kind): kind is ProcessKind => (PROCESS_KINDS as readonly Kind[]).includes(kind);

function processFaults(chance: Dice, only: ProcessKind | undefined): ProcessFault[] {
  const count = only ? 1 : chance.one([0, 1, 1, 2, 2]);
  const kinds = only ? [only] : chance.some(PROCESS_KINDS, count);
  return kinds.map((kind, place) => ({
    kind,
    afterMs: chance.between(800, 6_000) + place * 5_000,
    forMs: kind === 'worker-stop' ? chance.between(11_500, 14_000) : chance.between(50, 3_000),
  }));
}

interface Wanted {
  readonly only: Kind | undefined;
  readonly mayBeSlow: boolean;
}

function planWorld(seed: string, wanted: Wanted): WorldPlan {
  const chance = dice(seed);
  const sites = chance.one([1, 1, 2]);
  const fleet = chance.chance(0.15);
  return {
    seed,
    sites,
    fleet,
    tenants: Array.from({ length: fleet ? chance.between(3, 5) : chance.between(2, 4) }, () => ({
      site: chance.between(0, sites - 1),
      impersonation: chance.chance(0.4),
      onFailure: chance.one(['revert', 'revert', 'hold'] as const),
      policy: chance.one(['patient', 'patient', 'patient', 'reverting', 'reverting', 'leaving'] as const),
      startsAfterMs: chance.between(0, 3_000),
      injections: injections(chance, wanted),
    })),
  };
}

function injections(chance: Dice, { only, mayBeSlow }: Wanted): Injection[] {
  if (only === undefined) {
    const count = chance.one([0, 1, 1, 2, 2, 3]);
    return Array.from({ length: count }, () => injection(chance, kindBy(chance, mayBeSlow))).sort(
      (a, b) => a.nth - b.nth,
    );
  }
  return isProcessKind(only) ? [] : [injection(chance, only)];
}

/** Of each sort about as often as there is something to find. */
function kindBy(chance: Dice, mayBeSlow: boolean): WorldKind {
  const kinds: readonly WorldKind[] = chance.one([
    API_KINDS,
    API_KINDS,
    API_KINDS,
    PLACE_KINDS,
    PLACE_KINDS,
    WORK_KINDS,
    MESSAGE_KINDS,
  ]);
  const kind = chance.one(kinds);
  if (kind === 'delete-namespace' && chance.chance(0.7)) return kindBy(chance, mayBeSlow);
  return !mayBeSlow && kind.startsWith('silence') ? kindBy(chance, mayBeSlow) : kind;
}

function injection(chance: Dice, kind: WorldKind): Injection {
  if (!WORLD_KINDS.includes(kind)) throw new Error(`there is no kind ${kind}`);
  return {
    kind,
    nth: chance.between(1, LAST_REQUEST),
    hits: chance.between(1, 3),
    // A look that was late is looked at again after three seconds: no claim is made about longer ones.
    forMs: chance.between(300, kind === 'stale-read' ? 2_500 : 4_000),
    variant: chance.between(0, 99),
  };
}
