import { InvalidArgumentError } from 'commander';
import { CliError } from '../../cli/cli-error.ts';
import type { SetOptions } from '../../cli/fleet/actions/set.ts';
import { limitsOf } from '../../cli/fleet/actions/set.ts';
import { allowance } from '../../cli/fleet/commands/choice.ts';
import { Ledger } from '../../domain/fleet/ledger.ts';
import { describeBudget } from '../../domain/fleet/spec/describe.ts';
import type { Allowance } from '../../domain/fleet/spec/spec.ts';
import { traitsOf } from '../../domain/fleet/tenant/states.ts';
import { refusalOfLimits } from '../../domain/fleet/tenant/refusals.ts';
import type { Act } from '../contract.ts';
import type { Asked, Touched } from './touched.ts';
import { refused } from './touched.ts';

type SetAct = Extract<Act, { readonly act: 'set' }>;

/** As the command takes it. Throws CliError where a number is none. */
export function setOptions(act: SetAct): SetOptions {
  const { wave, maxConcurrent, maxConcurrentPerCluster, strict } = act;
  return {
    ...(wave === undefined ? {} : { wave }),
    ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
    ...(maxConcurrentPerCluster === undefined ? {} : { maxConcurrentPerCluster }),
    ...(strict === undefined ? {} : { strict }),
    ...allowed('failed', act.failed),
    ...allowed('blocked', act.blocked),
    ...allowed('unreachable', act.unreachable),
  };
}

function allowed(kind: string, text: string | undefined): Partial<Record<string, Allowance>> {
  if (text === undefined) return {};
  try {
    return { [kind]: allowance(text) };
  } catch (error) {
    if (!(error instanceof InvalidArgumentError)) throw error;
    throw new CliError(`${kind} ${text}: ${error.message}`);
  }
}

/** What the limits are, and would be. Throws CliError where it would be refused. */
export function previewSet({ result: { spec, state, tenants } }: Asked, act: SetAct): Touched {
  const limits = limitsOf(setOptions(act));
  const refusal = refusalOfLimits(new Ledger(spec, state), { ...limits, by: 'desk', why: 'a look' });
  if (refusal !== undefined) throw refused(refusal);
  const left = tenants.filter(
    (line) => (act.wave === undefined || line.wave === act.wave) && traitsOf(line.state).stage !== 'settled',
  );
  const of = act.wave === undefined ? spec : spec.waves.find(({ name }) => name === act.wave);
  const { failureBudget } = limits;
  return {
    names: left.map(({ name }) => name),
    consequences: [
      ...(limits.maxConcurrent === undefined
        ? []
        : [`In flight at once: ${of?.maxConcurrent ?? "the fleet's"} → ${limits.maxConcurrent}.`]),
      ...(limits.maxConcurrentPerCluster === undefined
        ? []
        : [`Of one cluster: ${spec.maxConcurrentPerCluster} → ${limits.maxConcurrentPerCluster}.`]),
      ...(failureBudget
        ? [
            `Failure budget: ${describeBudget(of?.failureBudget)} → ${describeBudget({ ...of?.failureBudget, ...failureBudget })}.`,
          ]
        : []),
    ],
  };
}
