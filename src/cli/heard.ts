import { TASK_QUEUE } from '../domain/tenant/task-queue.ts';
import { hasWorkflowPollers } from '../temporal/pollers.ts';
import type { Session } from './session.ts';
import { answersAtOnce } from './workflows.ts';

/**
 * Says something that a worker has to hear. Where Temporal is embedded and none runs, one hears it beside `work` that carries
 * nothing out. `ask` is a question that any worker answers. False: nobody carries on what was said.
 */
export async function beHeard(
  session: Session,
  ask: () => Promise<unknown>,
  work: () => Promise<void>,
): Promise<boolean> {
  if (!session.target.embedded || (await answersAtOnce(session, ask))) {
    await work();
    return true;
  }
  const { startHearingWorker } = await import('../worker/worker.ts');
  const worker = await startHearingWorker(session.target);
  try {
    await work();
  } finally {
    await worker.stop();
  }
  return false;
}

/** The same of a signal, which Temporal keeps: nobody has to hear it now. Of one's own Temporal it is known who asks it for work. */
export async function beKept(
  session: Session,
  ask: () => Promise<unknown>,
  work: () => Promise<void>,
): Promise<boolean> {
  await work();
  const { target, client } = session;
  return target.embedded ? answersAtOnce(session, ask) : hasWorkflowPollers(client, TASK_QUEUE, target);
}
