import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { endReport } from '../../src/domain/fleet/tenant/end-report.ts';
import { at, nameOfTenant } from '../../src/domain/fleet/spec/spec.ts';
import { happens } from '../../src/domain/fleet/tenant/happens.ts';
import { runAttributes, runInput } from '../../src/domain/fleet/tenant/run-input.ts';
import type { FinalState, TenantProgress } from '../../src/domain/tenant/progress.ts';
import { tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import type { Fleet } from './fleet.ts';
import { lookAt, takeOver } from './earlier-life.ts';
import { catchUp } from './tell.ts';
import { pairsOf } from '../search-attributes.ts';
import type { tenantUpgrade } from '../tenant/tenant-upgrade.ts';

/**
 * Starts a tenant's upgrade as a child that outlives this run of the fleet. Its slot is taken at once; whatever becomes
 * of it, a report, Temporal's word or the fleet's own look frees it again.
 */
export function startTenant(fleet: Fleet, index: number): void {
  const { ledger } = fleet;
  const tenant = fleet.tenant(index);
  const key = tenantKeyOf(tenant);
  const input = runInput(ledger, index, fleet);
  const attributes = runAttributes(ledger, index, { path: input.path, namesClusters: fleet.namesClusters });
  const here = (work: (index: number) => void): void => {
    const now = fleet.ledger.indexOf(key);
    if (now !== undefined) work(now);
    fleet.touch();
  };
  happens(ledger, index, { kind: 'started' }, Date.now());
  void fleet.inBackground(async () => {
    try {
      const child = await startChild<typeof tenantUpgrade>('tenantUpgrade', {
        workflowId: workflowIdOf(tenant),
        args: [input],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
        memo: { fleet: fleet.workflowId },
        staticSummary: `3scale ${input.path.from} → ${input.path.to}: ${nameOfTenant(ledger.spec, at(ledger.spec.tenants, index))}`,
        ...(fleet.visible ? { typedSearchAttributes: pairsOf(attributes) } : {}),
      });
      const runId = child.firstExecutionRunId;
      fleet.open.add(key);
      fleet.unwatched.delete(key);
      here((now) => {
        happens(fleet.ledger, now, { kind: 'run-started', runId }, Date.now());
        catchUp(fleet, now);
      });
      void child.result().then(
        (progress) => {
          fleet.open.delete(key);
          here((now) => {
            const report = endReport(progress, finalOf(progress), input.path);
            happens(fleet.ledger, now, { kind: 'reported', runId, report }, Date.now());
          });
        },
        (error: unknown) => {
          fleet.open.delete(key);
          here((now) => {
            const why = `its workflow was ended from outside: ${messageOf(error)}`;
            happens(fleet.ledger, now, { kind: 'lost', runId, why }, Date.now());
          });
        },
      );
    } catch (error) {
      const others = error instanceof WorkflowExecutionAlreadyStartedError;
      const seen = others ? await lookAt(workflowIdOf(tenant)) : undefined;
      here((now) => {
        if (seen) takeOver(fleet, now, seen);
        else {
          const why = `it could not be started: ${messageOf(error)}`;
          happens(fleet.ledger, now, { kind: 'lost', why }, Date.now());
        }
      });
    }
  });
}

/** A workflow that has completed has ended in one of them. */
function finalOf({ state }: TenantProgress): FinalState {
  return state as FinalState;
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
