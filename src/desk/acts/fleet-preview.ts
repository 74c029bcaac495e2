import { whyNotResumed } from '../../cli/fleet/resume.ts';
import { hasEnded } from '../../cli/fleet/say.ts';
import { readResult, requireFleet } from '../../cli/fleet/fleets.ts';
import type { FleetAnswer, FleetResult } from '../../domain/fleet/fleet-upgrade.ts';
import { Ledger } from '../../domain/fleet/ledger.ts';
import { at, nameOfTenant } from '../../domain/fleet/spec/spec.ts';
import type { AfterEnd } from '../../domain/fleet/tenant/after-end.ts';
import { retryAfterEnd, revertAfterEnd } from '../../domain/fleet/tenant/after-end.ts';
import { decideEach, retryOrder } from '../../domain/fleet/tenant/decide-each.ts';
import type { FleetTenantState } from '../../domain/fleet/tenant/states.ts';
import { LIVE, UNDER_WAY, WAITING } from '../../domain/fleet/tenant/states.ts';
import { chosen, refusalOfApproval, refusalOfChoice } from '../../domain/fleet/tenant/refusals.ts';
import type { Act } from '../contract.ts';
import type { Source } from '../source/source.ts';
import { previewApply } from './apply-preview.ts';
import { previewSet } from './set-preview.ts';
import type { Touched } from './touched.ts';
import { refused } from './touched.ts';

type FleetActs = Extract<Act, { readonly fleet: string }>;
type Choosing = Extract<FleetActs, { readonly choice: unknown }>;

/** Whom it is about, by the fleet's own rules on a copy of its memory. Throws CliError where it would be refused. */
export async function previewFleetAct(source: Source, act: FleetActs): Promise<Touched> {
  const { session } = source;
  const found = await requireFleet(session, act.fleet);
  const result = await readResult(session, found);
  const asked = { found, result };
  const isEnded = result.progress.phase === 'ended';
  if (isEnded && act.act !== 'retry' && act.act !== 'revert') throw hasEnded(act.fleet, act.act);
  switch (act.act) {
    case 'retry':
    case 'skip':
    case 'revert':
      return aboutChosen(result, act, isEnded);
    case 'approve':
      return approval(result, act.wave);
    case 'pause':
      return { names: namesIn(result, act.newOnly ? WAITING : UNDER_WAY) };
    case 'resume':
      return resumption(result);
    case 'abort':
      return ending(result);
    case 'set':
      return previewSet(asked, act);
    case 'apply':
      return previewApply(source, asked, act.file);
  }
}

function aboutChosen(result: FleetResult, act: Choosing, isEnded: boolean): Touched {
  const { spec, state } = result;
  // Who says it, and why, is asked for later: it decides nothing.
  const message = { ...act.choice, by: 'desk', why: 'a look', confirm: spec.name };
  const nowMs = Date.now();
  const answer = isEnded ? answerAfterEnd(result, act) : undefined;
  if (answer) return touchedBy(answer);
  const ledger = new Ledger(spec, state);
  const refusal = refusalOfChoice(ledger, act.act, act.choice);
  if (refusal !== undefined) throw refused(refusal);
  const order =
    act.act === 'retry'
      ? retryOrder({ ...message, newPlan: act.newPlan ?? false })
      : act.act === 'skip'
        ? ({ kind: 'skip' } as const)
        : ({ kind: 'revert', actor: message } as const);
  return touchedBy(decideEach(ledger, act.choice, order, { nowMs, tell: () => undefined }));
}

function answerAfterEnd({ spec, state }: FleetResult, act: Choosing): FleetAnswer {
  const message = { ...act.choice, by: 'desk', why: 'a look', confirm: spec.name };
  const nowMs = Date.now();
  const after: AfterEnd =
    act.act === 'revert'
      ? revertAfterEnd(spec, state, message, nowMs)
      : retryAfterEnd(spec, state, message, nowMs);
  if ('refusal' in after) throw refused(after.refusal);
  return after.answer;
}

const touchedBy = ({ done, refused: others }: FleetAnswer): Touched => ({ names: done, refused: others });

function approval({ spec, state }: FleetResult, wave: string): Touched {
  const ledger = new Ledger(spec, state);
  const refusal = refusalOfApproval(ledger, { wave, by: 'desk', why: 'a look' });
  if (refusal !== undefined) throw refused(refusal);
  return { names: chosen(ledger, { wave }).map((index) => nameOfTenant(spec, at(spec.tenants, index))) };
}

function resumption(result: FleetResult): Touched {
  const { progress } = result;
  const refusal = progress.halted && !progress.paused ? whyNotResumed(progress) : undefined;
  if (refusal) throw refused(refusal.why, refusal.hint);
  if (!progress.paused && !progress.halted) throw refused(`${progress.name} is neither paused nor halted`);
  const still = progress.paused && progress.halted;
  return {
    names: namesIn(result, [...UNDER_WAY, ...WAITING]),
    consequences: still ? [`It is halted still then: ${progress.halted.why}`] : [],
  };
}

function ending(result: FleetResult): Touched {
  const [waiting, live] = [namesIn(result, WAITING), namesIn(result, LIVE)];
  return {
    names: [...live, ...waiting],
    consequences: [
      `${waiting.length} have not begun and are left out; ${live.length} are under way or held.`,
    ],
  };
}

function namesIn({ tenants }: FleetResult, states: readonly FleetTenantState[]): string[] {
  return tenants.filter(({ state }) => states.includes(state)).map(({ name }) => name);
}
