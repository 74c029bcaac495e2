import Long from 'long';
import type { Session } from '../session.ts';

const DAY_S = 24 * 60 * 60;
/** A fleet's run of weeks should still be there for its report. */
const ENOUGH_DAYS = 30;
const OURS_DAYS = 90;

/**
 * Reports of tenants are read from Temporal, which keeps what has ended for so long only. Says so where that is short,
 * and what to type; the embedded Temporal, which is ours, is told to keep it longer.
 */
export async function lookAtRetention({ client, target, io }: Session): Promise<void> {
  const { namespace } = target;
  const days = await retentionDays(client, namespace);
  if (days === undefined || days >= ENOUGH_DAYS) return;
  if (target.embedded) {
    await client.workflowService.updateNamespace({
      namespace,
      config: { workflowExecutionRetentionTtl: { seconds: Long.fromNumber(OURS_DAYS * DAY_S) } },
    });
    return;
  }
  io.err(
    `Temporal keeps what has ended for ${days} ${days === 1 ? 'day' : 'days'} only (namespace ${namespace}): a report has the steps of a tenant no ` +
      `longer than that.\nTo keep it longer: temporal operator namespace update --namespace ${namespace} --retention ${OURS_DAYS}d`,
  );
}

/** Undefined where Temporal does not say. */
async function retentionDays(client: Session['client'], namespace: string): Promise<number | undefined> {
  try {
    const { config } = await client.workflowService.describeNamespace({ namespace });
    const seconds = config?.workflowExecutionRetentionTtl?.seconds;
    return seconds ? Math.floor(Number(seconds.toString()) / DAY_S) : undefined;
  } catch {
    return undefined;
  }
}
