import { timestamp } from '../objects.ts';
import type { Condition } from '../objects.ts';

/** As openshift's SetDeploymentCondition: the same status and reason change nothing; another one goes to the end. */
export function setCondition(
  conditions: readonly Condition[],
  next: Pick<Condition, 'type' | 'status'> & { reason?: string; message: string },
): Condition[] {
  const current = conditions.find(({ type }) => type === next.type);
  if (current?.status === next.status && current.reason === next.reason) return [...conditions];
  const now = timestamp();
  const { type, status, reason, message } = next;
  const condition: Condition = {
    type,
    status,
    lastUpdateTime: now,
    lastTransitionTime: current?.status === status ? current.lastTransitionTime : now,
    ...(reason ? { reason } : {}),
    message,
  };
  return [...conditions.filter((candidate) => candidate.type !== type), condition];
}
