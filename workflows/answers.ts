import type { QueryDefinition } from '@temporalio/common';
import { setHandler } from '@temporalio/workflow';

type Answer = (...args: readonly unknown[]) => unknown;

/** Of one workflow: each has modules of its own. */
const answers = new Map<string, Answer>();

/** Answers a query, whether Temporal passes it on or a history is replayed to be looked at. */
export function answerQuery<T, Args extends unknown[]>(
  query: QueryDefinition<T, Args>,
  answer: (...args: NoInfer<Args>) => NoInfer<T>,
): void {
  setHandler(query, answer);
  answers.set(query.name, answer as Answer);
}

/** Undefined until the workflow has said how it answers. */
export const answerOf = (query: string): Answer | undefined => answers.get(query);
