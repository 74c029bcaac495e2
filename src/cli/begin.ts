import { createHash } from 'node:crypto';
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import { offerImpersonation } from '../procedure/preflight/impersonation-source.ts';
import { pairsOf } from '../../workflows/search-attributes.ts';
import type { tenantUpgrade } from '../../workflows/tenant/tenant-upgrade.ts';
import { canonicalJson } from '../domain/fleet/file/canonical-json.ts';
import { markdownText } from '../domain/text/markdown-text.ts';
import { attributesOfTenant } from '../domain/tenant/search-attributes.ts';
import { TASK_QUEUE } from '../domain/tenant/task-queue.ts';
import { DEFAULT_RETRY_LIMITS } from '../domain/tenant/tenant-upgrade.ts';
import type { Actor } from '../domain/tenant/tenant.ts';
import { tenantName } from '../domain/tenant/tenant.ts';
import { workflowIdOf } from '../domain/tenant/workflow-id.ts';
import { ensureSearchAttributes, onceAttributesAreRead } from '../temporal/search-attributes.ts';
import type { UpgradeRequest } from './tenant/request.ts';
import { IMPERSONATION_SOURCE } from './tenant/request.ts';
import type { Session } from './session.ts';
import type { Upgrade } from './tenant/upgrades.ts';

/**
 * What a running upgrade is known by, in Temporal's memo: the hash of its steps, of what else was chosen, and of the plan file
 * it was started by.
 */
const STEPS = 'plan';
const CHOICES = 'choices';
export const PLAN_FILE = 'planFile';

/** Starts the upgrade's workflow. False: somebody else was quicker, and theirs runs. */
export async function begin(
  { client, io }: Session,
  request: UpgradeRequest,
  startedBy: Actor,
  planHash?: string,
): Promise<boolean> {
  const { tenant, clusters, path, choices, impersonation, notify } = request;
  const { windows, onFailure, logs } = choices;
  if (impersonation) await offerImpersonation(clusters.open(tenant), IMPERSONATION_SOURCE, impersonation);
  const visible = await ensureSearchAttributes(client, io.err);
  const input = {
    ...{ tenant, path, windows, onFailure, startedBy, retries: DEFAULT_RETRY_LIMITS, visible },
    ...(logs ? {} : { logs }),
    ...(notify ? { notify } : {}),
  };
  const byPlan = planHash === undefined ? '' : `, by plan ${planHash}`;
  try {
    await onceAttributesAreRead(() =>
      client.workflow.start<typeof tenantUpgrade>('tenantUpgrade', {
        workflowId: workflowIdOf(tenant),
        taskQueue: TASK_QUEUE,
        args: [input],
        memo: {
          [STEPS]: path.hash,
          [CHOICES]: choicesHash(request),
          ...(planHash === undefined ? {} : { [PLAN_FILE]: planHash }),
        },
        staticSummary: markdownText(`3scale ${path.from} → ${path.to}: ${tenantName(tenant)}`),
        staticDetails: markdownText(`started by ${startedBy.by}: ${startedBy.why}${byPlan}`),
        ...(visible ? { typedSearchAttributes: pairsOf(attributesOfTenant(tenant, path)) } : {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Hash of the plan file that an upgrade or a fleet was started by. */
export function planFileOf({ description: { memo } }: Pick<Upgrade, 'description'>): string | undefined {
  const hash = memo?.[PLAN_FILE];
  return typeof hash === 'string' ? hash : undefined;
}

/** Whether it, an upgrade or a fleet, was started by this very plan. */
export const isByPlan = ({ description }: Pick<Upgrade, 'description'>, hash: string): boolean =>
  description.memo?.[PLAN_FILE] === hash;

/** Where it was started with other choices than those that were typed now: they count, and these do not. */
export function otherwise({ description }: Upgrade, request: UpgradeRequest): string {
  const { [STEPS]: steps, [CHOICES]: choices } = description.memo ?? {};
  const differs = [
    ...(steps === undefined || steps === request.path.hash ? [] : ['images, components, section 1.3']),
    ...(choices === undefined || choices === choicesHash(request) ? [] : ['window, --on-failure, --no-logs']),
  ];
  if (differs.length === 0) return '';
  return `, with other choices (${differs.join(', ')} and the like) than these, which count for nothing`;
}

/** Of what is chosen besides the steps. */
function choicesHash({ choices: { windows, onFailure, logs } }: UpgradeRequest): string {
  return createHash('sha256').update(canonicalJson({ windows, onFailure, logs })).digest('hex').slice(0, 12);
}
