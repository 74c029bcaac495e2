import { fleetCommand } from '../../cli/fleet/fleet-command.ts';
import { typedChoice } from '../../cli/fleet/actions/choice.ts';
import { effectOf, isIdleAbort } from '../../cli/tenant/actions/agree.ts';
import type { FleetProgress, WaveProgress } from '../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { traitsOf } from '../../domain/fleet/tenant/states.ts';
import { command, decisionCommand, WHY } from '../../domain/tenant/decisions.ts';
import type { Decision, TenantProgress } from '../../domain/tenant/progress.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import { roleFor } from '../acts/harm.ts';
import { wordsOfAct } from '../acts/words.ts';
import type { Act, FleetAct, Offered, TenantAct } from '../contract.ts';

function offered(label: string, act: Act, typed: string, consequence = wordsOfAct(act).join(' ')): Offered {
  const role = roleFor(act);
  return { label, consequence, harmful: role === 'harm', role, act, command: typed };
}

const toFleet = (fleet: string, label: string, act: FleetAct, ...typed: readonly string[]): Offered =>
  offered(label, { fleet, ...act }, fleetCommand(fleet, act.act, ...typed, WHY));

/** What may be said to a fleet as a whole as it stands. */
export function offersOfFleet(progress: FleetProgress): Offered[] {
  const { name, phase, paused, halted, ending } = progress;
  const choice = { all: true };
  const again = toFleet(name, 'Try again all that failed', { act: 'retry', choice }, '--all');
  const back = toFleet(
    name,
    'Take the whole fleet back',
    { act: 'revert', choice },
    '--all',
    `--confirm ${name}`,
  );
  if (phase === 'ended') return [again, back];
  return [
    ...(paused || halted
      ? [toFleet(name, paused ? 'Resume' : 'Go on after the halt', { act: 'resume' })]
      : []),
    ...(paused && !paused.newOnly ? [] : [toFleet(name, 'Pause', { act: 'pause' })]),
    ...(paused ? [] : [toFleet(name, 'Start nothing new', { act: 'pause', newOnly: true }, '--new-only')]),
    ...progress.waves.filter(mayBeApproved).map((wave) => offerApproval(name, wave)),
    ...(ending
      ? []
      : [
          again,
          toFleet(
            name,
            'End it, finish what is under way',
            { act: 'abort', ending: 'finish' },
            '--finish',
            '--yes',
          ),
          toFleet(
            name,
            'End it, undo what is under way',
            { act: 'abort', ending: 'revert' },
            '--revert',
            '--yes',
          ),
        ]),
    back,
  ];
}

const mayBeApproved = ({ approval, approvedBy, startedAt, doneAt }: WaveProgress): boolean =>
  approval === 'required' && !approvedBy && startedAt === undefined && doneAt === undefined;

export function offerApproval(fleet: string, { name, total }: WaveProgress): Offered {
  const act = { act: 'approve', wave: name } as const;
  const offer = toFleet(fleet, `Approve wave ${name}`, act, `--wave ${name}`);
  return { ...offer, consequence: `${offer.consequence} It has ${total} tenants.` };
}

/** What may be said to a fleet about one of its tenants. */
export function offersOfLine(fleet: FleetProgress, line: TenantLine): Offered[] {
  const { stage, share, skippable } = traitsOf(line.state);
  const choice = { tenants: [line.name] };
  const isEnded = fleet.phase === 'ended';
  const flag = typedChoice(choice);
  const isAgain =
    stage === 'stuck' || line.state === 'queued' || (stage === 'settled' && share !== 'upgraded');
  const isBack =
    !line.takingBack && (isEnded ? line.state === 'upgraded' : stage !== 'settled' || share === 'upgraded');
  return [
    ...(isAgain && !(fleet.ending && !isEnded)
      ? [toFleet(fleet.name, 'Try again', { act: 'retry', choice }, flag)]
      : []),
    ...(skippable && !isEnded ? [toFleet(fleet.name, 'Leave out', { act: 'skip', choice }, flag)] : []),
    ...(isBack && stage !== 'waiting'
      ? [toFleet(fleet.name, 'Take back', { act: 'revert', choice }, flag, `--confirm ${fleet.name}`)]
      : []),
  ];
}

const LABELS: Readonly<Record<Decision, string>> = {
  retry: 'Try the step again',
  'skip-step': 'Go on without the step',
  revert: 'Revert',
  abandon: 'Abandon',
};

/** What may be said to a tenant's own upgrade as it stands. */
export function offersOfTenant(progress: TenantProgress): Offered[] {
  const { tenant, held, paused, state } = progress;
  if (isFinal(state)) return [];
  const offer = (label: string, act: TenantAct, typed: string, consequence?: string): Offered =>
    offered(label, { tenant, ...act }, typed, consequence);
  const decisions = (held?.decisions ?? []).map((decision) => {
    const act: TenantAct =
      decision === 'skip-step' ? { act: decision, step: held?.stepId ?? '' } : { act: decision };
    const typed = held ? decisionCommand(progress, held, decision) : '';
    const effect = decision === 'retry' ? undefined : effectOf(decision, progress);
    return offer(LABELS[decision], act, typed, effect);
  });
  const say = (label: string, act: 'pause' | 'resume', ...flags: string[]): Offered =>
    offer(label, { act }, command(tenant, act, ...flags, WHY));
  return [
    ...decisions,
    ...(paused && !paused.of ? [say('Resume', 'resume')] : []),
    ...(!paused && !held ? [say('Pause', 'pause')] : []),
    ...(isIdleAbort(progress)
      ? []
      : [
          offer(
            'Abort',
            { act: 'abort' },
            command(tenant, 'abort', '--yes', WHY),
            effectOf('abort', progress),
          ),
        ]),
  ];
}
