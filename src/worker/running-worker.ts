/** A worker that runs in this process. */
export interface RunningWorker {
  /** Finishes or hands over what runs, then resolves. */
  stop(): Promise<void>;
  /** Resolves when it has ended; rejects where it failed, with TemporalError where Temporal has gone for good. */
  readonly ended: Promise<void>;
}

/** A worker that knows whether it asks for tasks: not while workflows begin anew, and not once it is told to end. */
export interface PollingWorker extends RunningWorker {
  readonly polls: boolean;
}

/** A worker on one connection, which polls in silence while nobody answers it. */
export interface ConnectedWorker extends PollingWorker {
  /** Throws where Temporal does not answer, or knows the namespace no more. */
  ask(): Promise<void>;
}
