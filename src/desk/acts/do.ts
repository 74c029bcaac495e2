import { Command } from 'commander';
import picocolors from 'picocolors';
import { CliError } from '../../cli/cli-error.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import { applyFile } from '../../cli/fleet/actions/apply.ts';
import { abortFleet, pauseTenants, resumeFleet } from '../../cli/fleet/actions/control.ts';
import { approveWave, retryTenants, revertTenants, skipTenants } from '../../cli/fleet/actions/decide.ts';
import { setLimits } from '../../cli/fleet/actions/set.ts';
import type { ChoiceOptions } from '../../cli/fleet/commands/choice.ts';
import type { Io } from '../../cli/io.ts';
import { tellTenant } from '../../cli/tenant/actions/control.ts';
import { CONTROLS } from '../../cli/tenant/commands/control.ts';
import type { TenantChoice } from '../../domain/fleet/fleet-upgrade.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import type { Who } from '../access/access.ts';
import type { Act, ActAnswer, ActRequest } from '../contract.ts';
import type { Source } from '../source/source.ts';
import { asFile } from './applied-file.ts';
import { isHarmful, wordOf } from './harm.ts';
import { previewOf } from './preview.ts';
import { setOptions } from './set-preview.ts';

/** Who says it, why, and from where: it stands in the journal, and so in the report. */
interface Message {
  readonly by: string;
  readonly why: string;
  readonly via: string;
  /** Agreed to by the page's question. */
  readonly yes: true;
}

/** Does it by the same function as the command, once all that it needs is said. Throws CliError where it is refused. */
export async function doAct(source: Source, who: Who, request: ActRequest): Promise<ActAnswer> {
  const { by, why, confirm, seen, ...rest } = request;
  const act = rest as Act;
  if (plainText(why ?? '') === '')
    throw new CliError('a reason is needed', { hint: 'Say why: it stands in the report.' });
  requireName(act, confirm);
  await requireSame(source, act, seen);
  const name = who.named ? who.name : plainText(by ?? '') || who.name;
  const heard: string[] = [];
  const io: Io = {
    out: () => undefined,
    err: (line) => void heard.push(line),
    interactive: false,
    colors: picocolors.createColors(false),
  };
  const code = await say({ io, kubeconfig: source.kubeconfig }, act, {
    by: name,
    why: why ?? '',
    via: who.how,
    yes: true,
  });
  return { said: heard.filter((line) => !HINTS.test(line)).join('\n'), done: code === EXIT.ok };
}

/** What to type next is of no use on a page. */
const HINTS = /^See it with: /;

function requireName(act: Act, confirm: string | undefined): void {
  const word = wordOf(act);
  if (!isHarmful(act) || confirm === word) return;
  throw new CliError(`${act.act} cannot be taken back: the name ${word} has to be typed`, {
    exitCode: EXIT.refused,
    hint: 'Nothing was changed.',
  });
}

/** What was agreed to is what is done: where something else would be by now, it is asked for again. */
async function requireSame(source: Source, act: Act, seen: string | undefined): Promise<void> {
  if (seen === undefined && !isHarmful(act) && act.act !== 'apply') return;
  const now = await previewOf(source, act);
  if (now.seen === seen) return;
  throw new CliError(
    seen === undefined
      ? `${act.act} is done only after a look at what it touches`
      : `things have moved since it was shown what ${act.act} would do: it would touch ${now.tenants} tenants now`,
    { exitCode: EXIT.refused, hint: 'Nothing was changed. Look at it again.' },
  );
}

/** Where a command hears and speaks. */
interface Place {
  readonly io: Io;
  readonly kubeconfig: string | undefined;
}

function say(place: Place, act: Act, message: Message): Promise<number> {
  return 'fleet' in act ? sayToFleet(place, act, message) : sayToTenant(place.io, act, message);
}

/** They are asked nothing: all is said. */
const typed = (name: string): Command => new Command(name);

function sayToFleet(
  { io, kubeconfig }: Place,
  act: Extract<Act, { readonly fleet: string }>,
  message: Message,
): Promise<number> {
  const { fleet } = act;
  switch (act.act) {
    case 'pause':
      return pauseTenants(io, fleet, { ...message, newOnly: act.newOnly ?? false });
    case 'resume':
      return resumeFleet(io, fleet, message);
    case 'approve':
      return approveWave(io, fleet, { ...message, wave: act.wave });
    case 'retry':
      return retryTenants(io, fleet, {
        ...message,
        ...chosenBy(act.choice),
        newPlan: act.newPlan ?? false,
      });
    case 'skip':
      return skipTenants(io, fleet, { ...message, ...chosenBy(act.choice) });
    case 'revert':
      return revertTenants(
        io,
        fleet,
        { ...message, ...chosenBy(act.choice), confirm: fleet },
        typed('revert'),
      );
    case 'abort':
      return abortFleet(io, fleet, { ...message, [act.ending]: true }, typed('abort'));
    case 'set':
      return setLimits(io, fleet, { ...message, ...setOptions(act) });
    case 'apply':
      return asFile(act.file, (file) =>
        applyFile(
          io,
          { ...message, file, ...(kubeconfig === undefined ? {} : { kubeconfig }) },
          typed('apply'),
        ),
      );
  }
}

const chosenBy = ({ tenants, wave, all }: TenantChoice): ChoiceOptions => ({
  ...(tenants ? { tenant: tenants } : {}),
  ...(wave === undefined ? {} : { wave }),
  ...(all ? { all } : {}),
});

function sayToTenant(
  io: Io,
  act: Extract<Act, { readonly tenant: unknown }>,
  message: Message,
): Promise<number> {
  const control = CONTROLS.find(({ name }) => name === act.act);
  if (!control) throw new Error(`there is no ${act.act}`);
  const { tenant } = act;
  return tellTenant(io, { tenant }, control, {
    ...message,
    ...(act.act === 'skip-step' ? { step: act.step } : {}),
    ...(act.act === 'revert' ? { confirm: tenant.namespace } : {}),
  });
}
