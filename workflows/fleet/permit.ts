import { condition, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import type { FleetLink, TenantReport } from '../../src/domain/fleet/tenant/entry.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import { reportSignal } from './messages.ts';
import { admitSignal } from '../tenant/messages.ts';
import type { Control } from '../tenant/control.ts';
import type { ProgressKeeper } from '../tenant/progress.ts';
import { waitAtMost } from '../wait-at-most.ts';

/** How long a tenant waits for its fleet's word before it asks again: the fleet may have been ended from outside. */
const ASK_AGAIN_MS = 3_600_000;

export interface Asking {
  /** Only to undo what was done: may become so while it waits. */
  readonly isReverting: () => boolean;
}

/**
 * A tenant's side of its fleet. It starts with a slot; whatever keeps it from working (its window, a decision, a cluster
 * that does not answer) gives the slot back, and to go on it asks for one. Where the fleet is no more, it goes on alone.
 */
export class FleetPermit {
  readonly #link: FleetLink;
  readonly #tenant: string;
  #admitted = false;
  /** How often it has asked for a slot; asking again for the same one does not count. */
  #asks = 0;
  #sent: Promise<boolean> = Promise.resolve(true);

  constructor(link: FleetLink, tenant: string) {
    this.#link = link;
    this.#tenant = tenant;
  }

  /** Before the first await, so that no word of the fleet is missed. */
  listen(
    onAdmitted: (estimate: { readonly switchMinutes: number; readonly rollbackMinutes: number }) => void,
  ): void {
    setHandler(admitSignal, (estimate) => {
      this.#admitted = true;
      onAdmitted(estimate);
    });
  }

  /**
   * Tells the fleet, in order. Never fails; false where there is no fleet now, which need not know: one that was ended from
   * outside may be started anew.
   */
  report(report: TenantReport): Promise<boolean> {
    this.#sent = this.#sent.then(async () => {
      try {
        const { firstExecutionRunId: runId, runId: currentRunId } = workflowInfo();
        const fleet = getExternalWorkflowHandle(this.#link.workflowId);
        const reset = currentRunId === runId ? {} : { currentRunId };
        await fleet.signal(reportSignal, { tenant: this.#tenant, runId, ...reset, report: inShort(report) });
        return true;
      } catch {
        return false;
      }
    });
    return this.#sent;
  }

  /** Waits for a slot. */
  async regain({ isReverting }: Asking): Promise<void> {
    this.#admitted = false;
    this.#asks += 1;
    while (!this.#admitted) {
      const reverting = isReverting();
      if (!(await this.report({ kind: 'asking', reverting, ask: this.#asks }))) return;
      await waitAtMost(ASK_AGAIN_MS, () => this.#admitted || isReverting() !== reverting);
    }
  }
}

interface Pausing {
  readonly control: Control;
  readonly progress: ProgressKeeper;
}

/**
 * Tells the fleet whenever a pause has reached this tenant, and when it is over; for each pause anew: the fleet waits for
 * all of them each time. Runs beside the upgrade.
 */
export async function reportPauses({ control, progress }: Pausing, permit: FleetPermit): Promise<void> {
  const isStopped = (): boolean => control.isPaused && !control.isWorking;
  while (!isFinal(progress.current.state)) {
    await condition(isStopped);
    const heard = control.pausesHeard;
    await permit.report({ kind: 'stopped' });
    await condition(() => !isStopped() || control.pausesHeard !== heard);
    if (!isStopped()) await permit.report({ kind: 'going' });
  }
}

/** What a fleet remembers of a failure: its tenants are many, and their own reports have all of it. */
function inShort(report: TenantReport): TenantReport {
  if (!('failure' in report) || !report.failure) return report;
  const { evidence: _evidence, ...failure } = report.failure;
  return { ...report, failure };
}
