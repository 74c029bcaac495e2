import type { Command } from 'commander';
import type { TenantRef } from '../../domain/tenant.ts';
import { attach } from '../attach.ts';
import type { ExitCode } from '../exit-codes.ts';
import { EXIT } from '../exit-codes.ts';
import { exitCodeOf } from '../follow.ts';
import { isRunning } from '../found.ts';
import type { Io } from '../io.ts';
import type { OutputOptions, TenantOptions } from '../options.ts';
import { addOutputOption, addTenantOptions } from '../options.ts';
import type { Finish } from '../program.ts';
import { renderProgress } from '../render/progress.ts';
import { tenantRequest } from '../request.ts';
import { readUpgrade } from '../runs.ts';
import type { Session } from '../session.ts';
import { orKnown, sayBesides, shownJson } from '../show-upgrade.ts';
import { noUpgrade, pendingAttempts, requireUpgrade } from '../upgrades.ts';
import { withLook } from '../with-look.ts';

type LookOptions = TenantOptions & OutputOptions;

const NO_WORKER = 'Where no worker runs, it says so, and shows where the upgrade stood last.';

/** `watch` and `status`: they only look. */
export function addLooking(program: Command, io: Io, finish: Finish): void {
  const watch = program
    .command('watch')
    .summary('show an upgrade live until it ends or needs a decision')
    .description(
      `Shows an upgrade until it ends or needs a decision. Ctrl-C leaves the upgrade alone. ${NO_WORKER}\nExit code: as of \`start\`.`,
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade watch -c prod -n 3scale');
  addOutputOption(addTenantOptions(watch)).action(async (options: LookOptions) => {
    finish(await look(io, options, (session, tenant) => attach(session, tenant, options)));
  });

  const status = program
    .command('status')
    .summary('show once where an upgrade stands and what it needs')
    .description(
      `Shows once where an upgrade stands, what it waits for, and what it needs. ${NO_WORKER}\nExit code: as of \`start\`; 0 while it runs, waits or is paused.`,
    )
    .addHelpText('after', '\nExample:\n  threescale-upgrade status -c prod -n 3scale -o json | jq -r .state');
  addOutputOption(addTenantOptions(status)).action(async (options: LookOptions) => {
    finish(await look(io, options, (session, tenant) => showStatus(session, tenant, options)));
  });
}

function look(
  io: Io,
  options: LookOptions,
  work: (session: Session, tenant: TenantRef) => Promise<ExitCode>,
): Promise<ExitCode> {
  const { tenant } = tenantRequest(options);
  return withLook(
    io,
    (session) => orKnown(session, tenant, options, () => work(session, tenant)),
    () => {
      throw noUpgrade(tenant);
    },
  );
}

async function showStatus(session: Session, tenant: TenantRef, { output }: OutputOptions): Promise<ExitCode> {
  const { io } = session;
  const upgrade = await requireUpgrade(session, tenant);
  const shown = await readUpgrade(session, upgrade);
  sayBesides(io, shown);
  if (output === 'json') io.out(JSON.stringify(shownJson(shown), undefined, 2));
  else {
    const pending = isRunning(upgrade) ? await pendingAttempts(session, upgrade) : [];
    io.out(renderProgress(shown.progress, { nowMs: Date.now(), colors: io.colors, pending }));
  }
  return shown.left ? EXIT.notUpgraded : exitCodeOf(shown.progress);
}
