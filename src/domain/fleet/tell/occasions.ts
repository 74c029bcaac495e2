import type { Facts } from '../../notify/message.ts';
import type { Trigger } from '../../notify/triggers.ts';
import type { Ledger } from '../ledger.ts';
import { begunWaves } from '../rules/admission.ts';
import { awaitsApproval, overrun, soakEndsMs } from '../rules/progression.ts';
import { at } from '../spec/spec.ts';
import { UNDER_WAY } from '../tenant/states.ts';
import { countsText, tenantsText, tookText } from './facts.ts';

/** Something that is so now, and of which people are told once for each moment since which it is. */
export interface Occasion {
  readonly trigger: Trigger;
  /** The moment that it is about, ms: another one is told anew. */
  readonly ofMs: number;
  readonly wave?: string;
  readonly facts: Facts;
}

const MINUTE_MS = 60_000;
/** How long before it closes a window is told of in which something is left to do. */
const CLOSING_MS = 30 * MINUTE_MS;

/** What is so of a fleet that goes on, in the order in which it is told. */
export function occasionsOf(ledger: Ledger, nowMs: number): Occasion[] {
  return [
    ...wavesDone(ledger),
    ...approvalWanted(ledger, nowMs),
    ...budgetExceeded(ledger),
    ...windowClosing(ledger, nowMs),
  ];
}

function wavesDone({ spec, waves, counts }: Ledger): Occasion[] {
  return spec.waves.flatMap(({ name, tenants, soakMinutes }, wave) => {
    const { startedMs, doneMs } = at(waves, wave);
    if (doneMs === undefined || tenants === 0) return [];
    const next = spec.waves.slice(wave + 1).find((one) => one.tenants > 0);
    const soak = next && soakMinutes > 0 ? `, after ${soakMinutes} min` : '';
    const approval = next?.approval === 'required' ? ', once somebody has approved it' : '';
    const facts = {
      wave: name,
      tenants: tenantsText(tenants),
      counts: countsText(counts.ofWave(wave)),
      took: tookText(startedMs ?? doneMs, doneMs),
      next: next ? `wave ${next.name}${soak}${approval}` : 'none, it was the last one',
    };
    return [{ trigger: 'on-wave-done', ofMs: doneMs, wave: name, facts }];
  });
}

/** Only where nothing else stands in its way: what is approved then begins. */
function approvalWanted(ledger: Ledger, nowMs: number): Occasion[] {
  const { paused, halted } = ledger.head;
  const wave = awaitsApproval(ledger, nowMs);
  if (wave === undefined || paused || halted) return [];
  const { name, tenants } = at(ledger.spec.waves, wave);
  const command = `threescale-upgrade fleet approve ${ledger.spec.name} --wave ${name} --why "…"`;
  const facts = { wave: name, tenants: tenantsText(tenants), command };
  return [{ trigger: 'on-approval-wanted', ofMs: soakEndsMs(ledger) ?? 0, wave: name, facts }];
}

function budgetExceeded(ledger: Ledger): Occasion[] {
  const { halted } = ledger.head;
  const over = halted && overrun(ledger);
  if (!over) return [];
  const { wave } = over;
  const facts = { reason: halted.why, ...(wave === undefined ? {} : { wave }) };
  return [
    { trigger: 'on-budget-exceeded', ofMs: halted.sinceMs, facts, ...(wave === undefined ? {} : { wave }) },
  ];
}

/** One message for all the windows that close at one moment. */
function windowClosing(ledger: Ledger, nowMs: number): Occasion[] {
  const due = closings(ledger).filter(
    ({ closesAtMs }) => closesAtMs - CLOSING_MS <= nowMs && nowMs < closesAtMs,
  );
  if (due.length === 0) return [];
  const left = leftIn(ledger, new Set(due.map(({ policy }) => policy)));
  if (left === 0) return [];
  const ofMs = Math.min(...due.map(({ closesAtMs }) => closesAtMs));
  const closes = new Date(ofMs).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
  return [{ trigger: 'on-window-closing', ofMs, facts: { closes, tenants: tenantsText(left) } }];
}

/** When the next window is told of that closes, ms. */
export function nextClosingMs(ledger: Ledger, nowMs: number): number | undefined {
  const moments = closings(ledger)
    .map(({ closesAtMs }) => closesAtMs - CLOSING_MS)
    .filter((ms) => ms > nowMs);
  return moments.length > 0 ? Math.min(...moments) : undefined;
}

function closings({ spec, windows }: Ledger): { readonly policy: number; readonly closesAtMs: number }[] {
  return spec.windows.flatMap((_, policy) => {
    const answer = windows.answer(policy);
    const closesAtMs =
      answer?.status === 'open' || answer?.status === 'does-not-fit' ? answer.closesAtMs : undefined;
    return closesAtMs === undefined ? [] : [{ policy, closesAtMs }];
  });
}

/** Tenants of waves that have begun which keep to one of these windows, and are not done. */
function leftIn(ledger: Ledger, policies: ReadonlySet<number>): number {
  const waiting = begunWaves(ledger).flatMap((wave) =>
    [...ledger.waiting.of(wave)].flatMap(({ policyIndex, waiting: own }) =>
      policies.has(policyIndex) ? own : [],
    ),
  );
  const others = [...ledger.counts.in(UNDER_WAY), ...ledger.again].filter((index) =>
    policies.has(ledger.policyOf(index)),
  );
  return waiting.length + others.length;
}
