import { someOf } from '../../../domain/text/some-of.ts';
import type { Command } from 'commander';
import { shellWord, WHY } from '../../../domain/tenant/decisions.ts';
import { applySpecUpdate } from '../../../../workflows/fleet/messages.ts';
import { standOf } from '../../../domain/fleet/spec/apply.ts';
import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import type { SpecDiff } from '../../../domain/fleet/spec/diff.ts';
import { isSame, specDiff } from '../../../domain/fleet/spec/diff.ts';
import { traitsOf } from '../../../domain/fleet/tenant/states.ts';
import { agreed } from '../../ask.ts';
import { CliError } from '../../cli-error.ts';
import { askedActor, requireConsent } from '../../consent.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { fleetRequest } from '../request.ts';
import type { SayOptions } from '../say.ts';
import { sayToFleet } from '../say.ts';
import type { FoundFleet } from '../fleets.ts';
import { fleetCommand } from '../fleet-command.ts';
import { readFleet, readSpec, readTenants } from '../fleets.ts';
import type { Io } from '../../io.ts';
import { renderFleetDiff } from '../render/diff.ts';
import type { Session } from '../../session.ts';

export interface ApplyOptions extends SayOptions {
  readonly notify?: readonly string[];
  readonly file: string;
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

/** `fleet apply` */
export async function applyFile(io: Io, options: ApplyOptions, command: Command): Promise<ExitCode> {
  const { file, dryRun = false } = options;
  const asked = fleetRequest(options, io.err);
  const { spec: next, warnings } = asked;
  const { name } = next;
  // What the difference was shown against, and whether there was one.
  let seen: 'changes' | 'same' | undefined;
  const code = await sayToFleet(io, name, options, {
    verb: 'apply',
    send: async (session, fleet) => {
      const spec = await readSpec(session, fleet);
      const diff = specDiff(spec, next);
      seen = isSame(diff) ? 'same' : 'changes';
      const text = renderFleetDiff(name, diff, io.colors);
      if (seen === 'same' && spec.hash === next.hash) return { text, answer: diff, done: true, idle: true };
      if (!dryRun) requireConsent(command, io, options);
      await refuseWhatCannotBe(session, fleet, diff);
      if (dryRun) return { text, answer: diff, done: true, idle: true };
      io.err([text, ...warnings.map((warning) => `! ${warning}`)].join('\n'));
      const who = await askedActor(io, options);
      if (!(await agreed(io, options, `Take ${file} over?`)))
        return { text: 'Nothing was changed.', answer: diff, done: false };
      refuseChanged(options, asked.fileHash);
      const hash = await applied(fleet, { ...who, base: standOf(spec), spec: next });
      return { text: `${name}: runs with ${file} now (${hash})`, answer: diff, done: true };
    },
  });
  await asked.clusters.close();
  return dryRun && code === EXIT.ok && seen === 'changes' ? EXIT.changes : code;
}

function applied(
  { handle }: FoundFleet,
  message: { readonly by: string; readonly why: string; readonly base: string; readonly spec: FleetSpec },
): Promise<string> {
  return handle.executeUpdate(applySpecUpdate, { args: [message] });
}

/** The person has agreed to what was shown: another file now is not that. */
function refuseChanged(options: ApplyOptions, fileHash: string): void {
  if (fleetRequest(options).fileHash === fileHash) return;
  throw new CliError(`the file ${options.file} changed under apply: nothing was changed in the fleet`, {
    hint: `Look at it again with: threescale-upgrade fleet apply -f ${shellWord(options.file)}`,
    exitCode: EXIT.refused,
  });
}

/** Said before the question, and by a dry run: the fleet would refuse it after. Throws CliError. */
export async function refuseWhatCannotBe(
  session: Session,
  fleet: FoundFleet,
  { removed }: SpecDiff,
): Promise<void> {
  const { ending } = await readFleet(session, fleet);
  if (ending) {
    throw new CliError(`the fleet ${fleet.name} is being aborted: nothing starts any more`, {
      hint: `See it with: ${fleetCommand(fleet.name, 'watch')}`,
      exitCode: EXIT.refused,
    });
  }
  if (removed.length === 0) return;
  const tenants = await readTenants(session, fleet, { tenants: removed.map(({ name }) => name) });
  const started = tenants.filter(({ attempts, runId }) => attempts > 0 || runId !== undefined);
  if (started.length === 0) return;
  const [first] = started.filter(({ state }) => traitsOf(state).skippable);
  const skip = first && fleetCommand(fleet.name, 'skip', '--tenant', shellWord(first.name), WHY);
  const names = started.map(({ name, state }) => `${name} (${state})`);
  throw new CliError(`${someOf(names, 5)} cannot be removed: only a tenant that was not started can`, {
    hint:
      (started.length === 1 ? 'Put it back into the file' : 'Put them back into the file') +
      (skip === undefined ? '.' : `; to leave ${first?.name ?? ''} out: ${skip}`),
    exitCode: EXIT.refused,
  });
}
