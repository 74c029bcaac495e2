import type { Arena } from '../arena/arena.ts';
import type { Tenant } from '../arena/tenant.ts';
import type { Course } from '../faults/course.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * Lets the step whose request this is come to its end, and no other begin: a pause is heard before the request is
 * answered. Then calls `idle`, and when that is over lets the upgrade go on.
 */
export function stopBetween(arena: Arena, tenant: Tenant, idle: () => Promise<void>): Course {
  return {
    before: async () => {
      await arena.operator.signal(tenant, 'pause');
      void untilIdle(arena, tenant)
        .then(idle)
        .then(() => arena.operator.signal(tenant, 'resume'));
      return { do: 'go' };
    },
  };
}

/** Paused, it has nothing under way any more. */
async function untilIdle({ client }: Arena, { workflowId }: Tenant): Promise<void> {
  const handle = client.workflow.getHandle(workflowId);
  for (let idle = 0; idle < 3;) {
    await sleep(100);
    const pending = await handle.describe().then(
      ({ raw }) => (raw.pendingActivities ?? []).length,
      () => 1,
    );
    idle = pending === 0 ? idle + 1 : 0;
  }
}
