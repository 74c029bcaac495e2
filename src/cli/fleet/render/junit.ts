import { leftBehind } from '../../../domain/tenant/left-behind.ts';
import type { StateCounts } from '../../../domain/fleet/tenant/states.ts';
import { countOf, statesThat, traitsOf } from '../../../domain/fleet/tenant/states.ts';
import type { TenantLine } from '../../../domain/fleet/show/tenant-lines.ts';
import type { FleetProgress, WaveProgress } from '../../../domain/fleet/show/progress.ts';
import { plainDeep } from '../../../domain/text/plain-text.ts';
import type { FleetOverview } from '../overview.ts';
import type { TenantDetail } from '../tenants.ts';
import { hintOf } from './hint.ts';
import { renderCounts } from './state.ts';
import { checkSuite, progressSuite, UPGRADED } from '../../tenant/render/junit.ts';
import type { JunitCase, JunitOutcome, JunitSuite } from '../../render/junit-xml.ts';
import { renderJunit } from '../../render/junit-xml.ts';

/** What has become of a tenant that was to be upgraded, and is not. */
const FAILED = statesThat(({ share }) => share === 'failed');

/**
 * A fleet as a whole: a case for each wave, which fails where it is done and tenants of it have failed, and one for the fleet, which
 * fails where it has halted, needs decisions, or has ended with failed tenants.
 */
export function fleetSuite(given: FleetProgress): JunitSuite {
  const progress = plainDeep(given);
  const { name, phase, startedAt, endedAt, specHash, total, counts, waves } = progress;
  const classname = `fleet ${name}`;
  return {
    name: classname,
    timestamp: startedAt,
    ...(endedAt === undefined ? {} : { ms: Date.parse(endedAt) - Date.parse(startedAt) }),
    properties: { state: phase, file: specHash, tenants: `${total}: ${renderCounts(counts)}` },
    cases: [
      ...waves.map((wave) => waveCase(classname, wave)),
      { name: 'the fleet', classname, outcome: fleetOutcome(progress) },
    ],
  };
}

function waveCase(classname: string, { name, state, counts, startedAt, doneAt }: WaveProgress): JunitCase {
  return {
    name: `wave ${name}`,
    classname,
    ...(startedAt === undefined || doneAt === undefined
      ? {}
      : { ms: Date.parse(doneAt) - Date.parse(startedAt) }),
    outcome: state === 'done' ? outcomeOf(counts) : { kind: 'skipped', message: `not over yet: ${state}` },
  };
}

function fleetOutcome({ phase, halted, ending, counts }: FleetProgress): JunitOutcome {
  if (halted) return { kind: 'failed', type: 'halted', message: halted.why };
  if (phase === 'needs-decisions')
    return { kind: 'failed', type: phase, message: `it needs somebody: ${renderCounts(counts)}` };
  if (phase !== 'ended') return { kind: 'skipped', message: `not over yet: ${phase}` };
  if (ending) return { kind: 'failed', type: 'aborted', message: `aborted by ${ending.by}: ${ending.why}` };
  return outcomeOf(counts);
}

/** Of what is over: a wave is done, and a fleet ended, also where no tenant was upgraded. */
function outcomeOf(counts: StateCounts): JunitOutcome {
  if (countOf(counts, FAILED) === 0) return { kind: 'passed' };
  return { kind: 'failed', type: 'not-upgraded', message: `not all are upgraded: ${renderCounts(counts)}` };
}

/** One tenant of a fleet: its steps where its own history is at hand, and how it stands as its fleet knows it. */
export function fleetTenantSuite(given: TenantDetail): JunitSuite {
  const { line, upgrade } = plainDeep(given);
  const own = upgrade ? progressSuite(line.name, upgrade) : { name: line.name, cases: [] };
  return {
    ...own,
    properties: { ...own.properties, state: line.state, wave: line.wave, attempts: String(line.attempts) },
    cases: [
      // How it ended is the fleet's to say: it knows more, such as that its cluster does not answer.
      ...own.cases.filter(({ name }) => name !== UPGRADED),
      {
        name: UPGRADED,
        classname: line.name,
        outcome: lineOutcome(line),
        ...(upgrade ? { said: leftBehind(upgrade) } : {}),
      },
    ],
  };
}

function lineOutcome(line: TenantLine): JunitOutcome {
  const { state, failure } = line;
  const { stage, share } = traitsOf(state);
  if (share === 'upgraded') return { kind: 'passed' };
  if (state === 'skipped') return { kind: 'skipped', message: 'skipped' };
  // There is nothing to be said against it yet.
  if (stage === 'waiting' || stage === 'under-way')
    return { kind: 'skipped', message: `not over yet: ${state}` };
  const message = failure?.message ?? `it is ${state}`;
  return { kind: 'failed', type: state, message, text: [message, ...hintOf(line)].join('\n') };
}

/** `fleet plan`: a suite for each tenant that was to be looked at. */
export function renderFleetPlanJunit(given: FleetOverview): string {
  const { groups, warned, blocked, unreachable, elsewhere } = plainDeep(given);
  const warningsOf = (name: string): string[] =>
    warned
      .filter(({ tenant }) => tenant === name)
      .flatMap(({ findings }) => findings.map(({ message, hint }) => `warning: ${message}. ${hint}`));
  const one = (name: string, outcome: JunitOutcome, said: readonly string[] = []): JunitSuite => ({
    name,
    cases: [{ name: 'can be upgraded', classname: name, outcome, said }],
  });
  return renderJunit('3scale fleet plan', [
    ...groups.flatMap(({ tenants, hasChanges, steps, changes }) => {
      const said = hasChanges ? `steps to do: ${steps}, changes: ${changes}` : 'nothing to do';
      return tenants.map((name) => one(name, { kind: 'passed' }, [said, ...warningsOf(name)]));
    }),
    ...blocked.map(({ tenant, findings }) => checkSuite(tenant, { findings })),
    ...unreachable.map(({ tenant, why }) =>
      one(tenant, { kind: 'failed', type: 'unreachable', message: why }),
    ),
    ...elsewhere.map((name) =>
      one(name, { kind: 'skipped', message: 'not looked at: the kubeconfig does not have its context' }),
    ),
  ]);
}
