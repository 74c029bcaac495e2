import { condition, getExternalWorkflowHandle, setHandler, workflowInfo } from '@temporalio/workflow';
import type { FleetLink, TenantReport } from '../src/domain/fleet/state.ts';
import { isFinal } from '../src/domain/progress.ts';
import { reportSignal } from './fleet-messages.ts';
import { admitSignal } from './messages.ts';
import type { Upgrade } from './upgrade.ts';
import { waitAtMost } from './wait-at-most.ts';

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
  #isAlone = false;
  #admitted = false;
  #sent: Promise<void> = Promise.resolve();

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

  /** Tells the fleet, in order. Never fails: a fleet that is no more need not know. */
  report(report: TenantReport): Promise<void> {
    this.#sent = this.#sent.then(async () => {
      if (this.#isAlone) return;
      try {
        const { runId } = workflowInfo();
        const fleet = getExternalWorkflowHandle(this.#link.workflowId);
        await fleet.signal(reportSignal, { tenant: this.#tenant, runId, report });
      } catch {
        this.#isAlone = true;
      }
    });
    return this.#sent;
  }

  /** Waits for a slot. */
  async regain({ isReverting }: Asking): Promise<void> {
    this.#admitted = false;
    while (!this.#admitted) {
      const reverting = isReverting();
      await this.report({ kind: 'asking', reverting });
      if (this.#isAlone) return;
      await waitAtMost(ASK_AGAIN_MS, () => this.#admitted || isReverting() !== reverting);
    }
  }
}

/** Tells the fleet whenever a pause has reached this tenant, and when it is over. Runs beside the upgrade. */
export async function reportPauses({ control, progress }: Upgrade, permit: FleetPermit): Promise<void> {
  const isStopped = (): boolean => control.isPaused && !control.isWorking;
  while (!isFinal(progress.current.state)) {
    await condition(isStopped);
    await permit.report({ kind: 'stopped' });
    await condition(() => !isStopped());
    await permit.report({ kind: 'going' });
  }
}
