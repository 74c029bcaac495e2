/**
 * The desk with a fleet of so many tenants (default: 10,000): what a browser waits for and holds, what is sent, and how often
 * Temporal is asked with one viewer and with fifty. `npm run bench:desk [-- COUNT]`. Needs a Chromium.
 */
import type { Page } from 'playwright-core';
import type { Stats } from '../src/desk/contract.ts';
import type { FleetTenantState } from '../src/domain/fleet/tenant/states.ts';
import { launch, openPage } from '../test/support/browser.ts';
import { startStanding, TestDesk, writeFleet } from '../test/support/desk-server.ts';
import { openLab } from '../test/support/lab.ts';

const MINUTE_MS = 60_000;
const MOST_HEAP_MB = 60;
const VIEWERS = 50;
const FLEET = 'many';
const count = Number(process.argv[2] ?? 10_000);
const say = (what: string, figure: string): void =>
  void process.stdout.write(`${what.padEnd(52)} ${figure}\n`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Mostly upgraded, with all that an operator looks for among them. */
function stateAt(place: number): FleetTenantState {
  if (place % 97 === 0) return 'held';
  if (place % 101 === 0) return 'unreachable';
  if (place % 89 === 0) return 'reverted';
  return place < count / 2 ? 'upgraded' : 'pending';
}

/** Milliseconds of the slowest frame while it is scrolled from the first row to the last. */
const scrolled = (page: Page): Promise<number> =>
  page.evaluate(async () => {
    const { document, requestAnimationFrame } = globalThis as unknown as {
      readonly document: {
        querySelector(name: string): { scrollTop: number; readonly scrollHeight: number };
      };
      requestAnimationFrame(then: (ms: number) => void): void;
    };
    const grid = document.querySelector('.grid');
    const frame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve));
    let [slowest, before] = [0, await frame()];
    for (let step = 1; step <= 120; step += 1) {
      grid.scrollTop = (grid.scrollHeight * step) / 120;
      const at = await frame();
      slowest = Math.max(slowest, at - before);
      before = at;
    }
    return slowest;
  });

const lab = await openLab();
const names = Array.from({ length: count }, (_, place) => `t${String(place).padStart(5, '0')}`);
const waves =
  'waves:\n  - { name: first, select: { count: 1000 } }\n  - { name: rest, select: { rest: true } }';
const entries = names.map((_, place) => ({ state: stateAt(place) }));
await startStanding(lab, writeFleet(lab, FLEET, waves, names), entries);
const desk = await TestDesk.open(lab);
const browser = await launch();
const { page } = await openPage(browser);
const stats = (): Promise<Stats> => desk.ask<Stats>('/api/stats');

const beganMs = performance.now();
await page.goto(`${desk.url}/fleets/${FLEET}/tenants`);
await page.locator('.grid-body .marked').first().waitFor();
const rowsMs = performance.now() - beganMs;
const paintMs = await page.evaluate<number>(
  "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? -1",
);
say('tenants', String(count));
say('first paint', `${paintMs.toFixed(0)} ms`);
say('first rows of the matrix, Temporal asked anew', `${rowsMs.toFixed(0)} ms`);
say('sent for that, page and all', `${((await stats()).bytesSent / 1_000).toFixed(0)} kB`);
say('slowest frame, first row to last in 120 frames', `${(await scrolled(page)).toFixed(0)} ms`);

const session = await page.context().newCDPSession(page);
await session.send('HeapProfiler.collectGarbage');
await session.send('Performance.enable');
const { metrics } = await session.send('Performance.getMetrics');
const metric = (name: string): number => metrics.find((one) => one.name === name)?.value ?? 0;
const heapMb = metric('JSHeapUsedSize') / 1e6;
say('heap of the page', `${heapMb.toFixed(1)} MB, ${metric('Nodes')} nodes`);

async function overAMinute(who: string): Promise<void> {
  // What the looks before have asked is of another minute.
  const before = await stats();
  await pause(MINUTE_MS);
  const after = await stats();
  const kilobytes = (after.bytesSent - before.bytesSent) / 1_000;
  say(`calls to Temporal in a minute, ${who}`, String(after.temporal.calls - before.temporal.calls));
  say(`sent in a minute, ${who}`, `${kilobytes.toFixed(0)} kB`);
}
await overAMinute('1 viewer');
const others = Array.from({ length: VIEWERS - 1 }, () => desk.stream({ view: 'fleet', fleet: FLEET }));
const reading = others.map(async (events) => {
  for await (const _ of events);
});
await overAMinute(`${VIEWERS} viewers`);

await browser.close();
await desk.close();
await Promise.allSettled(reading);
await lab.close();
process.exitCode = heapMb <= MOST_HEAP_MB ? 0 : 1;
