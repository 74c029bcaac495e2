import { typedChoice } from '../../cli/fleet/actions/choice.ts';
import { fleetCommand } from '../../cli/fleet/fleet-command.ts';
import { command, shellWord, WHY } from '../../domain/tenant/decisions.ts';
import type { Act } from '../contract.ts';

/** The command that does the same. */
export function typedAct(act: Act): string {
  if ('tenant' in act) {
    const step = act.act === 'skip-step' ? [`--step ${shellWord(act.step)}`] : [];
    return command(act.tenant, act.act, ...step, WHY);
  }
  if (act.act === 'apply') return 'threescale-upgrade fleet apply -f FILE';
  return fleetCommand(act.fleet, act.act, ...flagsOf(act), WHY);
}

function flagsOf(act: Extract<Act, { readonly fleet: string }>): string[] {
  switch (act.act) {
    case 'pause':
      return act.newOnly ? ['--new-only'] : [];
    case 'approve':
      return [`--wave ${shellWord(act.wave)}`];
    case 'retry':
      return [typedChoice(act.choice), ...(act.newPlan ? ['--new-plan'] : [])];
    case 'skip':
      return [typedChoice(act.choice)];
    case 'revert':
      return [typedChoice(act.choice), `--confirm ${shellWord(act.fleet)}`];
    case 'abort':
      return [`--${act.ending}`, '--yes'];
    case 'set':
      return [
        ...(act.wave === undefined ? [] : [`--wave ${shellWord(act.wave)}`]),
        ...(act.maxConcurrent === undefined ? [] : [`--max-concurrent ${act.maxConcurrent}`]),
        ...(act.maxConcurrentPerCluster === undefined
          ? []
          : [`--max-concurrent-per-cluster ${act.maxConcurrentPerCluster}`]),
        ...(['failed', 'blocked', 'unreachable'] as const).flatMap((kind) =>
          act[kind] === undefined ? [] : [`--${kind} ${shellWord(act[kind])}`],
        ),
        ...(act.strict === undefined ? [] : [act.strict ? '--strict' : '--no-strict']),
      ];
    case 'resume':
    case 'apply':
      return [];
  }
}
