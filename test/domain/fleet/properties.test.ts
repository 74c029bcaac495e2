import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Move } from '../../../src/domain/fleet/rules/admission.ts';
import { nextMove } from '../../../src/domain/fleet/rules/admission.ts';
import { isOver, nextWakeMs } from '../../../src/domain/fleet/rules/progression.ts';
import { at } from '../../../src/domain/fleet/spec/spec.ts';
import { fleetProgress } from '../../../src/domain/fleet/show/progress.ts';
import { worldPlans } from '../../support/fleet-arbitraries.ts';
import { Oracle, neededMs } from '../../support/fleet-oracle.ts';
import type { Witness } from '../../support/fleet-world.ts';
import { FleetWorld } from '../../support/fleet-world.ts';
import { askFakeWindow } from '../../support/fleet-world-plan.ts';

/** Whole fleets, each through all that may happen to it: a hundred of each kind take minutes on a machine at work. */
fc.configureGlobal({ numRuns: 40 });

const LIVE: readonly string[] = ['running', 'parked', 'asking', 'held', 'unreachable'];
const SETTLED: readonly string[] = [
  ...['upgraded', 'reverted', 'blocked', 'skipped', 'aborted', 'abandoned', 'rolled-back', 'lost'],
];

it('the oracle shares no code with what it judges', () => {
  const oracle = readFileSync(new URL('../../support/fleet-oracle.ts', import.meta.url), 'utf8');
  const imports = [...oracle.matchAll(/^import .*$/gm)].map(([line]) => line);
  expect(imports.filter((line) => !line.startsWith('import type '))).toEqual([]);
});

describe('whatever happens to a fleet', () => {
  it('every move is the one that the rules want, and none is left out', () => {
    live({
      moves: ({ ledger, nowMs }, move) => {
        expect(move).toEqual(new Oracle(ledger).move(nowMs));
      },
    });
  });

  it('nothing starts in a window that is closed or too short', () => {
    live({
      moves: ({ ledger, nowMs, plans }, move) => {
        if (move?.kind !== 'start' || ledger.counts.entry(move.index)?.takingBack) return;
        const window = at(plans.windows, new Oracle(ledger).policyOf(move.index));
        const needed = neededMs(ledger.spec, ledger.head.measures);
        // Up to a minute too long is in time: it takes a moment to ask the clock.
        expect(askFakeWindow(window, Math.max(0, needed - 60_000), nowMs).status).toBe('open');
      },
    });
  });

  it('no move goes beyond a limit, and no start beyond a strict budget', () => {
    fc.assert(
      fc.property(worldPlans, (plans) => {
        // What was upgraded and is taken back may put its wave over a budget: no start of others makes it worse.
        let last: Move | undefined;
        let isBack = false;
        let isFirst = true;
        new FleetWorld(plans, {
          moves: ({ ledger }, move) => {
            isBack = move !== undefined && ledger.counts.entry(move.index)?.takingBack !== undefined;
            last = move;
            isFirst = true;
          },
          changed: ({ ledger }) => {
            if (last === undefined || !isFirst) return;
            isFirst = false;
            const oracle = new Oracle(ledger);
            expect(oracle.overLimit()).toBeUndefined();
            if (last.kind !== 'start' || isBack) return;
            expect(oracle.strictExcess({ index: last.index })).toBeLessThanOrEqual(0);
          },
        }).run();
      }),
    );
  });

  it('a strict budget is never exceeded while nobody changes it or takes back what was upgraded', () => {
    fc.assert(
      fc.property(worldPlans, (plans) => {
        let isHeldTo = true;
        const orders = plans.orders.filter(({ order }) => !['set-budget', 'take-back'].includes(order.kind));
        new FleetWorld(
          { ...plans, orders },
          {
            changed: ({ ledger }) => {
              isHeldTo &&= ledger.spec.failureBudget === plans.spec.failureBudget;
              if (isHeldTo)
                expect(new Oracle(ledger).strictExcess({ withUnderWay: false })).toBeLessThanOrEqual(0);
            },
          },
        ).run();
      }),
    );
  });

  it('no wave begins before all earlier ones are done and soaked, and somebody has approved it', () => {
    live({
      changed: ({ ledger }) => {
        const oracle = new Oracle(ledger);
        for (const [wave, { startedMs }] of ledger.waves.entries()) {
          if (startedMs !== undefined && at(ledger.spec.waves, wave).tenants > 0) {
            expect(oracle.whyNotBegun(wave)).toBeUndefined();
          }
        }
        const begun = ledger.waves.flatMap(({ startedMs }, wave) => (startedMs === undefined ? [] : wave));
        for (const { wave, state, entry } of oracle.tenants) {
          if (LIVE.includes(state) || (entry?.attempts ?? 0) > 0) expect(begun).toContain(wave);
        }
      },
    });
  });

  it('a wave is done only when nothing of it is left to do', () => {
    fc.assert(
      fc.property(worldPlans, (plans) => {
        const done = new Set<number>();
        new FleetWorld(plans, {
          changed: ({ ledger }) => {
            for (const [wave, { doneMs }] of ledger.waves.entries()) {
              if (doneMs === undefined || done.has(wave)) continue;
              done.add(wave);
              expect(new Oracle(ledger).isDone(wave)).toBe(true);
            }
          },
        }).run();
      }),
    );
  });

  it('the counts are those of a recount from scratch, and every list holds whom it is about', () => {
    live({
      changed: ({ ledger }) => {
        const { tenants, count } = recountOf(ledger);
        const { counts, spec } = ledger;
        const indexes = (of: (tenant: (typeof tenants)[number]) => boolean) =>
          tenants.filter(of).map(({ index }) => index);
        const sorted = (some: Iterable<number>): number[] => [...some].sort((one, other) => one - other);
        const recounted = (counts: object, of?: Parameters<typeof count>[1]) =>
          Object.fromEntries(Object.keys(counts).map((state) => [state, count(state, of)]));
        const countsOf = spec.waves.map((_, wave) => counts.ofWave(wave));
        // All at once: an `expect` costs more than what it compares, and this is asked after every change.
        expect({
          counts: counts.ofFleet,
          countsOf,
          running: spec.clusters.map((_, cluster) => counts.inFlightOn(cluster)),
          asking: sorted(ledger.asking),
          again: sorted(ledger.again),
          waiting: sorted(
            spec.waves.flatMap((_, wave) => [...ledger.waiting.of(wave)].flatMap((group) => group.waiting)),
          ),
        }).toEqual({
          counts: recounted(counts.ofFleet),
          countsOf: countsOf.map((counts, wave) => recounted(counts, (tenant) => tenant.wave === wave)),
          running: spec.clusters.map((_, cluster) =>
            count('running', (tenant) => tenant.cluster === cluster),
          ),
          asking: indexes(({ state }) => state === 'asking'),
          again: indexes(({ entry, state }) => entry?.notBeforeMs !== undefined && !LIVE.includes(state)),
          waiting: indexes(({ entry }) => !entry),
        });
      },
    });
  });

  it('every fleet ends, with every tenant settled unless it was aborted', () => {
    fc.assert(
      fc.property(worldPlans, (plans) => {
        const world = new FleetWorld(plans);
        world.run();
        const { head, counts } = world.ledger;
        for (const entry of counts.entries) {
          const state = entry?.state ?? 'pending';
          expect(SETTLED).toContain(
            head.ending && (state === 'held' || state === 'unreachable') ? 'lost' : state,
          );
        }
        expect(fleetProgress(world.ledger, world.nowMs).phase).toBe('ended');
        expect(head.journal.length).toBeLessThanOrEqual(300);
      }),
    );
  });
});

describe('a fleet that continues as new', () => {
  it('decides as it would have without, at that moment and ever after', () => {
    fc.assert(
      fc.property(worldPlans, fc.integer({ min: 1, max: 40 }), (plans, every) => {
        let events = 0;
        const compare: Witness['moves'] = ({ ledger, shadow, nowMs }, move) => {
          if (!shadow) return;
          const decided = (of: typeof ledger) => ({
            isOver: isOver(of, nowMs),
            nextWakeMs: nextWakeMs(of, nowMs),
            state: JSON.stringify(of.state),
            progress: fleetProgress(of, nowMs),
          });
          expect({ move: nextMove(shadow, nowMs), ...decided(shadow) }).toEqual({ move, ...decided(ledger) });
        };
        const world = new FleetWorld(plans, {
          moves: (at, move) => {
            compare(at, move);
            events += 1;
            if (events % every !== 0 || at.starting > 0) return;
            at.shadow = at.reborn();
            at.askAll();
          },
        });
        world.run();
      }),
    );
  });

  it('keeps all that was promised however often it does', () => {
    fc.assert(
      fc.property(worldPlans, (plans) => {
        const world = new FleetWorld(plans, {
          moves: (now, move) => {
            expect(move).toEqual(new Oracle(now.ledger).move(now.nowMs));
            if (move !== undefined || now.starting > 0) return;
            const before = now.ledger;
            now.ledger = now.reborn();
            now.askAll(before);
          },
        });
        world.run();
        expect(isOver(world.ledger, world.nowMs)).toBe(true);
      }),
    );
  });
});

function live(witness: Witness): void {
  fc.assert(
    fc.property(worldPlans, (plans) => {
      new FleetWorld(plans, witness).run();
    }),
  );
}

function recountOf(ledger: FleetWorld['ledger']) {
  const { tenants } = new Oracle(ledger);
  type Seen = (typeof tenants)[number];
  const count = (state: string, of: (tenant: Seen) => boolean = () => true): number =>
    tenants.filter((tenant) => tenant.state === state && of(tenant)).length;
  return { tenants, count };
}
