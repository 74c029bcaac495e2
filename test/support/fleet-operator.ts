import { isOver } from '../../src/domain/fleet/rules/progression.ts';
import { approve, end, halt, pause, resume } from '../../src/domain/fleet/rules/orders.ts';
import { retry, skip, takeBack } from './fleet-happens.ts';
import type { FleetTenantState } from '../../src/domain/fleet/tenant/states.ts';
import { fleetProgress } from '../../src/domain/fleet/show/progress.ts';
import { OPERATOR } from './fleet-rules.ts';
import type { Ledger } from '../../src/domain/fleet/ledger.ts';
import type { Order } from './fleet-world-plan.ts';

/** What an operator sees of a world, and what answers. */
interface World {
  readonly ledger: Ledger;
  readonly nowMs: number;
  readonly children: ReadonlyMap<number, { undo(): void; resume(): void }>;
  tell(what: (ledger: Ledger) => void): void;
}

const TO_BE_RETRIED: readonly FleetTenantState[] = ['reverted', 'blocked', 'lost', 'skipped', 'aborted'];
const TO_BE_SKIPPED: readonly FleetTenantState[] = ['pending', 'queued', 'reverted'];

/** Does what an operator said, where the workflow would not refuse it. */
export function obey(world: World, order: Order): void {
  const { nowMs, ledger } = world;
  if (isOver(ledger, nowMs)) return;
  const { ending } = ledger.head;
  switch (order.kind) {
    case 'pause':
      if (!ending) world.tell((each) => pause(each, OPERATOR, order.newOnly, nowMs));
      return;
    case 'resume':
      return resumeAll(world);
    case 'halt':
      if (!ending) world.tell((each) => halt(each, 'somebody said so', nowMs, OPERATOR));
      return;
    case 'approve': {
      const wave = order.wave % ledger.waves.length;
      if (ledger.waves[wave]?.startedMs !== undefined) return;
      return world.tell((each) => approve(each, wave, OPERATOR, nowMs));
    }
    case 'retry':
      if (!ending) pick(world, TO_BE_RETRIED, order.choice, (each, index) => retry(each, index, nowMs));
      return;
    case 'skip':
      if (!ending) pick(world, TO_BE_SKIPPED, order.choice, (each, index) => skip(each, index, nowMs));
      return;
    case 'take-back':
      for (let left = order.all ? ledger.counts.size : 1; left > 0; left -= 1) {
        pick(world, ['upgraded'], order.choice, (each, index) => takeBack(each, index, OPERATOR, nowMs));
      }
      return;
    case 'end':
      world.tell((each) => end(each, order.ending, OPERATOR, nowMs));
      for (const child of world.children.values()) {
        if (order.ending === 'revert') child.undo();
        else child.resume();
      }
      return;
    case 'set':
    case 'set-budget': {
      const { kind: _, ...limits } = order;
      return world.tell((each) => each.limit(limits));
    }
    case 'set-wave': {
      const wave = order.wave % ledger.waves.length;
      const { maxConcurrent } = order;
      const waves = ledger.spec.waves.map((its, w) => (w === wave ? { ...its, maxConcurrent } : its));
      world.tell((each) => each.limit({ waves }));
    }
  }
}

/**
 * Nothing moves by itself: then what the fleet shows must say whom it waits for, and that one answers here. False where
 * it waits for nobody.
 */
export function answerStandstill(world: World): boolean {
  const { ledger, nowMs } = world;
  const { phase, waitingFor } = fleetProgress(ledger, nowMs);
  const never = waitingFor.filter(({ answer }) => answer?.status === 'never').map(({ windows }) => windows);
  if (phase === 'awaiting-approval') {
    world.tell((each) => approve(each, each.currentWave, OPERATOR, nowMs));
  } else if (phase === 'paused') {
    resumeAll(world);
  } else if (phase === 'halted') {
    const waves = ledger.spec.waves.map(({ failureBudget: _, ...wave }) => wave);
    world.tell((each) => each.limit({ failureBudget: { strict: false }, waves }));
    resumeAll(world);
  } else if (phase === 'waiting' && never.length > 0) {
    const waits = [...ledger.counts.in(['pending', 'queued']), ...ledger.again];
    const stuck = new Set(waits.filter((index) => never.includes(ledger.policyOf(index))));
    for (const index of stuck) world.tell((each) => skip(each, index, nowMs));
  } else {
    return false;
  }
  return true;
}

export function describeHang({ ledger, nowMs }: World): string {
  return `the fleet hangs while ${fleetProgress(ledger, nowMs).phase}: ${JSON.stringify(ledger.state)}`;
}

function resumeAll(world: World): void {
  world.tell((each) => resume(each, OPERATOR, world.nowMs));
  for (const child of world.children.values()) child.resume();
}

function pick(
  world: World,
  states: readonly FleetTenantState[],
  choice: number,
  what: (ledger: Ledger, index: number) => void,
): void {
  const { counts } = world.ledger;
  const those = counts
    .in(states)
    .filter((index) => !counts.entry(index)?.takingBack && !counts.entry(index)?.urgent);
  const index = those[choice % those.length];
  if (index !== undefined) world.tell((ledger) => what(ledger, index));
}
