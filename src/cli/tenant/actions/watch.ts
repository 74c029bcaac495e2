import type { TenantRef } from '../../../domain/tenant/tenant.ts';
import { attach } from '../../attach.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { EXIT } from '../../exit-codes.ts';
import { exitCodeOf } from '../follow.ts';
import { isRunning } from '../../found.ts';
import type { Io } from '../../io.ts';
import type { OutputOptions, TenantOptions } from '../../options.ts';
import { renderProgress } from '../render/progress.ts';
import { tenantRequest } from '../request.ts';
import { readUpgrade } from '../../runs.ts';
import type { Session } from '../../session.ts';
import { orKnown, sayBesides, shownJson } from '../show-upgrade.ts';
import { noUpgrade, pendingAttempts, requireUpgrade } from '../upgrades.ts';
import { withLook } from '../with-look.ts';

export type LookOptions = TenantOptions & OutputOptions;

/** `watch` */
export function watchUpgrade(io: Io, options: LookOptions): Promise<ExitCode> {
  return look(io, options, (session, tenant) => attach(session, tenant, options));
}

/** `status` */
export function lookOnce(io: Io, options: LookOptions): Promise<ExitCode> {
  return look(io, options, (session, tenant) => showStatus(session, tenant, options));
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
    async () => {
      throw await noUpgrade(tenant);
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
