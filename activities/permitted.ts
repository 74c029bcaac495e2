import { ApplicationFailure } from '@temporalio/activity';
import {
  isBackupName,
  isClusterIdentity,
  isOneLine,
  isNamespaceName,
  isRunId,
  shownName,
} from '../src/domain/text/names.ts';
import { isOfPath, pathProblem, stepProblem } from '../src/domain/paths/permitted-steps.ts';
import { tenantName } from '../src/domain/tenant/tenant.ts';
import { fleetNameOf, messageWorkflowId, workflowIdOf } from '../src/domain/tenant/workflow-id.ts';
import type { FailureDetails, FailureType } from '../src/domain/tenant/failure.ts';
import { failureKind } from '../src/domain/tenant/failure.ts';

/** The input of an activity, as somebody who can write to Temporal may have made it. */
type Given = Readonly<Record<string, unknown>>;

const asGiven = (value: unknown): Given => (typeof value === 'object' && value !== null ? { ...value } : {});

/**
 * Throws `NotPermitted`, before anything is touched, where a tenant's activity is told what this worker's own paths cannot
 * yield, or where it is not the tenant's own workflow that tells it.
 */
export function refuseUnlessPermitted(input: unknown, workflowId: string | undefined): void {
  const given = asGiven(input);
  refuseIf(tenantProblem(given, workflowId) ?? pathAndStepProblem(given) ?? namesProblem(given));
}

/** The same for what a fleet looks at: only a fleet asks, and only about upgrades of tenants. */
export function refuseUnlessFleet(input: unknown, workflowId: string | undefined): void {
  const { workflowIds = [] } = asGiven(input);
  const isAboutTenants = Array.isArray(workflowIds) && workflowIds.every(isUpgrade);
  const problem = isAboutTenants ? undefined : 'a workflow to look at is no upgrade of a tenant';
  refuseIf(fleetNameOf(workflowId ?? '') === undefined ? 'it is no fleet that asks' : problem);
}

/** The same for a report: it is kept under the name of who asks, a tenant's upgrade or a fleet. */
export function refuseUnlessOwnReport(
  { tenant, fleet }: { readonly tenant?: unknown; readonly fleet?: unknown },
  workflowId: string | undefined,
): void {
  const isFleets = typeof fleet === 'string' && fleetNameOf(workflowId ?? '') === fleet;
  refuseIf(
    tenant === undefined
      ? isFleets
        ? undefined
        : 'it is another fleet’s report'
      : tenantProblem({ tenant }, workflowId),
  );
}

/** The same for what people are told: each message has a workflow of its own, whose id has the message's. */
export function refuseUnlessMessage(message: unknown, workflowId: string | undefined): void {
  const { id } = asGiven(message);
  const isOwn = typeof id === 'string' && MESSAGE_ID.test(id) && workflowId === messageWorkflowId(id);
  refuseIf(isOwn ? undefined : 'it is another workflow’s message');
}

const MESSAGE_ID = /^[\w-]{1,300}$/;

function isUpgrade(workflowId: unknown): boolean {
  const [kind, ...tenant] = typeof workflowId === 'string' ? workflowId.split('/') : [];
  const namespace = tenant.pop();
  return kind === 'upgrade' && isClusterIdentity(tenant.join('/')) && isNamespaceName(namespace);
}

function tenantProblem({ tenant }: Given, workflowId: string | undefined): string | undefined {
  const { cluster, context, namespace } = asGiven(tenant);
  if (!isNamespaceName(namespace)) return 'the tenant’s namespace is no name of one';
  if (!isClusterIdentity(cluster)) return 'the tenant’s cluster is no host[:port][/path]';
  if (!isOneLine(context)) return 'the tenant’s context is no name of one';
  const own = workflowIdOf({ cluster, context, namespace });
  if (workflowId === own) return undefined;
  return `only ${own} may change ${tenantName({ cluster, context, namespace })}, and this is another workflow`;
}

function pathAndStepProblem(given: Given): string | undefined {
  const path = asGiven(given['path']);
  const steps = [
    ...('step' in given ? [given['step']] : []),
    ...listOf(given['steps']),
    ...listOf(given['staged']),
  ];
  if (!('path' in given)) return steps.length > 0 ? 'steps without the path they belong to' : undefined;
  const ofPath = 'steps' in path ? pathProblem(path) : stepsProblem(path, []);
  return ofPath ?? stepsProblem(path, steps);
}

function stepsProblem(path: Given, steps: readonly unknown[]): string | undefined {
  for (const step of steps) {
    const problem = stepProblem(path, step);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Names of objects beside the steps: a backup is deleted by its name, a DeploymentConfig un-paused by it. */
function namesProblem({ backup, claim, runId, step, deploymentConfig, names }: Given): string | undefined {
  for (const name of [backup, claim])
    if (name !== undefined && !isBackupName(name)) return `secret/${shownName(name)} is no backup`;
  if (runId !== undefined && !isRunId(runId)) return 'the run is no id of one';
  const ofStep = listOf(asGiven(step)['deploymentConfigs']).map((config) => asGiven(config)['name']);
  if (deploymentConfig !== undefined && !ofStep.includes(deploymentConfig))
    return `dc/${shownName(deploymentConfig)} is none of its step`;
  const unknown = listOf(names).filter(
    (name) => typeof name !== 'string' || !(isOfPath(name) || ofStep.includes(name)),
  );
  return unknown.length > 0 ? `dc/${shownName(unknown[0])} is none that a path touches` : undefined;
}

/** What is no list is a list of that one thing: it is refused as such. */
function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}

function refuseIf(problem: string | undefined): void {
  if (problem === undefined) return;
  const details: FailureDetails = { hint: failureKind('NotPermitted').hint, attempts: 1 };
  throw ApplicationFailure.create({
    type: 'NotPermitted' satisfies FailureType,
    message: `refused, and nothing was touched: ${problem}`,
    details: [details],
    nonRetryable: true,
  });
}
