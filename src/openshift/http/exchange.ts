import type { Answer } from '../api-error.ts';
import { errorOf, notAnApi, OpenShiftError } from '../api-error.ts';
import type { Held } from './connections.ts';
import { CredentialsError } from '../kubeconfig/credentials-error.ts';
import { Deadline } from './deadline.ts';
import { foreignWords } from '../foreign-words.ts';
import type { RequestOutcome, RequestSeen } from './requests-seen.ts';
import { requestBegun, requestEnded } from './requests-seen.ts';

/** It was too late to begin when the connection stood: nothing was sent. */
export class NotBegun extends Error {
  constructor() {
    super('nothing was sent: it was too late to begin');
    this.name = 'NotBegun';
  }
}

export interface ExchangeOptions {
  readonly seen: Omit<RequestSeen, 'beganMs' | 'outcome'>;
  readonly isWrite: boolean;
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Asked at the last moment before anything is sent: a connection, and a process that was stopped, take their time. */
  readonly mayBegin?: (() => boolean) | undefined;
}

/** One request, from its credentials to the end of its answer: what of it has happened, and what a failure means. */
export class Exchange {
  readonly name: string;
  readonly deadline: Deadline;
  readonly #isWrite: boolean;
  readonly #seen: RequestSeen;
  #outcome: RequestOutcome = 'dropped';
  readonly #mayBegin: (() => boolean) | undefined;
  #isSent = false;
  #held: Held | undefined;
  #hasEnded = false;

  /** A write is given no signal: once sent, it is waited out. */
  constructor(name: string, options: ExchangeOptions) {
    this.name = name;
    this.#isWrite = options.isWrite;
    this.#seen = { ...options.seen, beganMs: performance.now() };
    this.#mayBegin = options.mayBegin;
    this.deadline = new Deadline(options.deadlineMs, options.isWrite ? undefined : options.signal);
    requestBegun.publish(this.#seen);
  }

  /** Waits for the way to the cluster, and gives it back at the end, also when it comes too late. */
  async hold<T extends Held>(leasing: Promise<T>): Promise<T> {
    const kept = leasing.then(
      (lease) => {
        if (this.#hasEnded) lease.release();
        this.#held = lease;
        return lease;
      },
      (error: unknown) => {
        if (error instanceof CredentialsError) throw unauthorized(this.name, error.message);
        // Not a cause: it may quote what was read.
        const { code } = error as NodeJS.ErrnoException;
        const why = code === undefined ? '' : ` (${code})`;
        throw unauthorized(this.name, `the kubeconfig's credentials cannot be had${why}`);
      },
    );
    return this.deadline.over(kept);
  }

  /** From here on it may have taken effect, whatever is heard of it. Throws NotBegun: then nothing may be sent. */
  readonly sending = (): void => {
    if (this.#mayBegin?.() === false) throw new NotBegun();
    this.#isSent = true;
  };

  /** The head of an answer has come. */
  answered(status: number): void {
    this.#outcome = status;
  }

  /** What an answer of 300 or more means. */
  refusal(answer: Answer): OpenShiftError {
    // A gateway that gave up waiting says nothing of what the server behind it does.
    this.#outcome = answer.status;
    return errorOf(this.name, answer, { unsure: this.#isWrite && answer.status >= 500 });
  }

  /** What a good answer means that no API gives. */
  noApi(answer: Answer): OpenShiftError {
    return notAnApi(this.name, answer, { unsure: this.#isWrite });
  }

  /** Whoever was left by its caller throws what it was left with; everything else means that nobody answered. */
  failure(error: unknown): unknown {
    if (error instanceof OpenShiftError || error instanceof NotBegun) {
      if (error instanceof NotBegun) this.#outcome = 'not-sent';
      else if (error.kind === 'Unauthorized' && error.status === 0) this.#outcome = 'no-credentials';
      return error;
    }
    if (this.deadline.leftByCaller) {
      this.#outcome = 'dropped';
      return this.deadline.signal.reason;
    }
    this.#outcome = 'unreachable';
    const { proxy } = this.#held ?? {};
    const way = proxy === undefined ? '' : ` (through the proxy ${proxy})`;
    return new OpenShiftError('Unreachable', 0, `${this.name}: ${foreignWords(reasonOf(error))}${way}`, {
      cause: error,
      unsure: this.#isWrite && this.#isSent,
    });
  }

  end(): void {
    this.#hasEnded = true;
    this.#seen.outcome = this.#outcome;
    requestEnded.publish(this.#seen);
    this.deadline.clear();
    this.#held?.release();
  }
}

const unauthorized = (request: string, why: string): OpenShiftError =>
  new OpenShiftError('Unauthorized', 0, `${request}: ${why}`);

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause, name, message } = error;
  const reason = cause instanceof Error && cause.message ? cause.message : message || name;
  // A flag of Node.js is nothing that whoever reads this could set.
  return reason.replace(
    /; if the root CA is installed locally.*/,
    ' (name its authority in the kubeconfig, or in SSL_CERT_FILE)',
  );
}
