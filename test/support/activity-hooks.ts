import type { ActivityInterceptors, ActivityInterceptorsFactory } from '@temporalio/worker';

export type ActivityName = { readonly stepId: string } | { readonly type: string };

/**
 * What a test does when an activity is about to begin. The activity waits for it: a signal that is sent here is in
 * history before the activity has ended, however slow the machine is.
 */
export class ActivityHooks {
  readonly #hooks = new Map<string, () => Promise<void>>();

  set(workflowId: string, activity: ActivityName, act: () => Promise<void>): void {
    this.#hooks.set(keyOf(workflowId, activity), act);
  }

  readonly interceptors: ActivityInterceptorsFactory = ({ info }): ActivityInterceptors => ({
    inbound: {
      execute: async (input, next) => {
        const [{ step } = {}] = input.args as [{ readonly step?: { readonly id: string } }?];
        const workflowId = info.workflowExecution?.workflowId ?? '';
        await this.#take(keyOf(workflowId, { type: info.activityType }));
        if (step) await this.#take(keyOf(workflowId, { stepId: step.id }));
        return next(input);
      },
    },
  });

  async #take(key: string): Promise<void> {
    const act = this.#hooks.get(key);
    this.#hooks.delete(key);
    await act?.();
  }
}

const keyOf = (workflowId: string, activity: ActivityName): string =>
  `${workflowId} ${JSON.stringify(activity)}`;
