import { CliError } from '../../cli/cli-error.ts';
import { isRunning } from '../../cli/found.ts';
import { knownOf } from '../../cli/known-of.ts';
import { keptReports } from '../../cli/kept.ts';
import { readUpgrade, runsOf } from '../../cli/runs.ts';
import type { Session } from '../../cli/session.ts';
import type { PendingAttempt } from '../../cli/tenant/render/progress.ts';
import { findUpgrade, pendingAttempts } from '../../cli/tenant/upgrades.ts';
import type { Upgrade } from '../../cli/tenant/upgrades.ts';
import { NoWorker } from '../../cli/workflows.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import { fleetNameOf } from '../../domain/tenant/workflow-id.ts';
import { plainDeep } from '../../domain/text/plain-text.ts';
import { EncryptionError } from '../../temporal/codec/encryption-error.ts';
import { Shared } from './shared.ts';

const MOVES_MS = 1_900;
const RUNS_MS = 30_000;

/** A tenant as one look has found it. */
export interface TenantSeen {
  /** Absent: there never was an upgrade of it, or it is known from a kept report only. */
  readonly runId?: string;
  /** The fleet that has started it. */
  readonly fleet?: string;
  readonly progress?: TenantProgress;
  readonly pending: readonly PendingAttempt[];
  readonly standsStill?: string;
  readonly endedFromOutside?: string;
  readonly kept?: true;
  /** Why nothing more is known. */
  readonly unknown?: string;
}

/** The newest run of a tenant, asked once for all who look. */
export class TenantSource {
  readonly #tenant: TenantRef;
  readonly #session: () => Session;
  readonly #seen = new Shared(() => this.#look(), MOVES_MS);
  readonly #runs = new Shared(() => this.#readRuns(), RUNS_MS);
  #ended: TenantSeen | undefined;

  constructor(tenant: TenantRef, session: () => Session) {
    this.#tenant = tenant;
    this.#session = session;
  }

  /** Throws where Temporal is away. */
  seen(): Promise<TenantSeen> {
    return this.#seen.get();
  }

  /** All of its runs, newest first. */
  runs(): Promise<readonly { readonly runId: string; readonly startedAt: string }[]> {
    return this.#runs.get();
  }

  expire(): void {
    this.#seen.expire();
  }

  async #look(): Promise<TenantSeen> {
    const session = this.#session();
    const upgrade = await findUpgrade(session, this.#tenant);
    if (!upgrade) return this.#kept(session);
    const { runId } = upgrade.description;
    if (this.#ended?.runId === runId) return this.#ended;
    const seen = await lookAt(session, upgrade).catch((error: unknown) => this.#unread(session, error));
    const fleet = fleetNameOf(upgrade.description.parentExecution?.workflowId ?? '');
    const whole = { runId, ...(fleet === undefined ? {} : { fleet }), ...seen };
    if (whole.progress && isFinal(whole.progress.state) && !isRunning(upgrade)) this.#ended = whole;
    return whole;
  }

  async #unread(session: Session, error: unknown): Promise<TenantSeen> {
    if (!(error instanceof NoWorker) && !(error instanceof EncryptionError) && !(error instanceof CliError))
      throw error;
    const known = await knownOf(session, this.#tenant, error.message);
    const state = known?.state === undefined ? '' : `; as it has shown last, it is ${known.state}`;
    return { pending: [], unknown: `${error.message}${state}` };
  }

  async #kept(session: Session): Promise<TenantSeen> {
    const [newest] = await keptReports(session.io, this.#tenant);
    if (!newest) return { pending: [] };
    return { runId: newest.runId, progress: plainDeep(newest.progress), pending: [], kept: true };
  }

  async #readRuns(): Promise<readonly { readonly runId: string; readonly startedAt: string }[]> {
    const session = this.#session();
    const runs = await runsOf(session, { io: session.io, tenant: this.#tenant });
    return runs.map(({ runId, startedAt }) => ({ runId, startedAt }));
  }
}

async function lookAt(session: Session, upgrade: Upgrade): Promise<TenantSeen> {
  const { progress, still, left } = await readUpgrade(session, upgrade);
  return plainDeep({
    progress,
    pending: isRunning(upgrade) ? await pendingAttempts(session, upgrade) : [],
    ...(still === undefined ? {} : { standsStill: still }),
    ...(left ? { endedFromOutside: left.message } : {}),
  });
}
