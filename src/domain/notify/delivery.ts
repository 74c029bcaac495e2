import type { Message } from './message.ts';
import type { Receiver } from './receivers.ts';

/** How often it is tried: for a day, or, to see whether it arrives, a few times within half a minute. */
export type Patience = 'a-day' | 'a-moment';

/** Input of the workflow `tellPeople`. */
export interface TellInput {
  readonly message: Message;
  readonly receivers: readonly Receiver[];
  readonly patience: Patience;
  /** The workflow that is told how each of them went. */
  readonly reportTo?: string;
}

/** Names of the receivers of a message, for Temporal's own UI. */
export const namesOf = ({ receivers }: Pick<TellInput, 'receivers'>): string =>
  receivers.map(({ name }) => name).join(', ');

/** Input of the activity that sends it to one. */
export interface DeliverInput {
  readonly message: Message;
  readonly receiver: Receiver;
}

/** What became of one message at one receiver. */
export interface Delivery {
  readonly id: string;
  readonly receiver: string;
  readonly occasion: Message['occasion'];
  readonly wave?: string;
  /** `gave-up`: tried for a day. `gone`: it said that nothing is to be sent there any more. */
  readonly outcome: 'sent' | 'gave-up' | 'gone';
  /** When that was known, ISO 8601. */
  readonly at: string;
  readonly why?: string;
}
