import { condition } from '@temporalio/workflow';

export interface Walk<N> {
  /** What may start now and has not started yet, in order. */
  readonly ready: () => readonly N[];
  /** Stands before each node and may take days; false keeps it from starting. */
  readonly enter: (node: N) => Promise<boolean>;
  /** Never rejects: a failure is noted where `stopping` sees it. Marks the node as started before its first await. */
  readonly run: (node: N) => Promise<void>;
  /** True where nothing more may start; what runs is finished first. */
  readonly stopping: () => boolean;
}

/** Runs the nodes of a graph side by side as they get ready, until nothing runs and nothing more can or may start. */
export async function walk<N>({ ready, enter, run, stopping }: Walk<N>): Promise<void> {
  let runningCount = 0;
  for (;;) {
    for (const node of ready()) {
      if (stopping() || !(await enter(node)) || stopping()) break;
      runningCount += 1;
      void run(node).finally(() => (runningCount -= 1));
    }
    if (runningCount === 0 && (stopping() || ready().length === 0)) return;
    const before = runningCount;
    await condition(() => runningCount < before || before === 0);
  }
}
