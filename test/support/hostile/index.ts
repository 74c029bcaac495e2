import { proxyActivities } from '@temporalio/workflow';

export interface Order {
  readonly activity: string;
  readonly taskQueue: string;
  readonly input: unknown;
}

/** What whoever reaches Temporal can do: have any activity of the real workers run, with any input, by any workflow. */
export async function tenantUpgrade({ activity, taskQueue, input }: Order): Promise<unknown> {
  const proxies = proxyActivities<Record<string, (input: unknown) => Promise<unknown>>>({
    taskQueue,
    startToCloseTimeout: '20s',
    heartbeatTimeout: '10s',
    retry: { maximumAttempts: 3 },
  });
  return proxies[activity]?.(input);
}
