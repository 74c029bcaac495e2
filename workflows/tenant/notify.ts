import { patched, setHandler, workflowInfo } from '@temporalio/workflow';
import type { Delivery } from '../../src/domain/notify/delivery.ts';
import type { Message } from '../../src/domain/notify/message.ts';
import type { Receiver } from '../../src/domain/notify/receivers.ts';
import { wants } from '../../src/domain/notify/receivers.ts';
import type { FinalState } from '../../src/domain/tenant/progress.ts';
import type { Stamp } from '../../src/domain/tenant/tenant-messages.ts';
import { endedMessage, heldMessage } from '../../src/domain/tenant/tenant-messages.ts';
import { deliveredSignal } from '../notify/messages.ts';
import { tell } from '../notify/tell.ts';
import { NOTIFIES } from '../patches.ts';
import { waitAtMost } from '../wait-at-most.ts';
import type { ProgressKeeper } from './progress.ts';

/** How long an upgrade that ends waits to hear whether people were told of it. */
const LAST_WORD_MS = 10_000;
const LOG_KEPT = 20;

/** Tells people of an upgrade that belongs to no fleet; holds nothing up. */
export class TenantTelling {
  readonly #receivers: readonly Receiver[];
  readonly #progress: ProgressKeeper;
  #open = 0;

  constructor(receivers: readonly Receiver[], progress: ProgressKeeper) {
    this.#receivers = receivers;
    this.#progress = progress;
  }

  /** Before the first await: what became of a message is told by a signal. */
  listen(): void {
    setHandler(deliveredSignal, (delivery) => {
      this.#open -= 1;
      this.#note(delivery);
    });
  }

  held(): void {
    this.#tell(heldMessage(this.#progress.current, stamp()));
  }

  /** Waits a moment for what is on its way, so that its report says how that went. */
  async ended(state: FinalState): Promise<void> {
    this.#tell(endedMessage(this.#progress.current, state, stamp()));
    if (this.#open > 0) await waitAtMost(LAST_WORD_MS, () => this.#open <= 0);
  }

  #tell(message: Message): void {
    const receivers = this.#receivers.filter((receiver) => wants(receiver, message));
    if (receivers.length === 0 || !patched(NOTIFIES)) return;
    this.#open += receivers.length;
    const { workflowId: reportTo } = workflowInfo();
    void tell({ message, receivers, patience: 'a-day', reportTo })
      .catch(() => false)
      .then((isNew) => {
        if (!isNew) this.#open -= receivers.length;
      });
  }

  #note(delivery: Delivery): void {
    const { told = [] } = this.#progress.current;
    this.#progress.note({ told: [...told, delivery].slice(-LOG_KEPT) });
  }
}

const stamp = (): Stamp => ({ runId: workflowInfo().firstExecutionRunId, nowMs: Date.now() });
