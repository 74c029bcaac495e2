import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy, startChild } from '@temporalio/workflow';
import { backupSecretName } from '../../src/domain/tenant/backup-name.ts';
import { endReport } from '../../src/domain/fleet/tenant/end-report.ts';
import { estimateOf } from '../../src/domain/fleet/rules/forecast.ts';
import { at, nameOfTenant } from '../../src/domain/fleet/spec/spec.ts';
import { lost, reported, runStarted, started } from '../../src/domain/fleet/tenant/events.ts';
import type { FinalState, TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { SearchAttributeValues } from '../../src/domain/tenant/search-attributes.ts';
import { attributesOfTenant } from '../../src/domain/tenant/search-attributes.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import type { TenantUpgradeInput } from '../../src/domain/tenant/tenant-upgrade.ts';
import { actorOf, tenantKeyOf } from '../../src/domain/tenant/tenant.ts';
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
  const { book } = fleet;
  const tenant = fleet.tenant(index);
  const key = tenantKeyOf(tenant);
  const input = inputOf(fleet, index);
  const here = (work: (index: number) => void): void => {
    const now = fleet.book.indexOf(key);
    if (now !== undefined) work(now);
    fleet.touch();
  };
  started(book, index, Date.now());
  void fleet.beside(async () => {
    try {
      const child = await startChild<typeof tenantUpgrade>('tenantUpgrade', {
        workflowId: workflowIdOf(tenant),
        args: [input],
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
        memo: { fleet: fleet.workflowId },
        staticSummary: `3scale ${input.path.from} → ${input.path.to}: ${nameOfTenant(book.spec, at(book.spec.tenants, index))}`,
        ...(fleet.visible ? { typedSearchAttributes: pairsOf(attributesOf(fleet, index, input.path)) } : {}),
      });
      const runId = child.firstExecutionRunId;
      fleet.open.add(key);
      fleet.unwatched.delete(key);
      here((now) => {
        runStarted(fleet.book, now, runId);
        catchUp(fleet, now);
      });
      void child.result().then(
        (progress) => {
          fleet.open.delete(key);
          here((now) => {
            reported(fleet.book, now, runId, endReport(progress, finalOf(progress), input.path), Date.now());
          });
        },
        (error: unknown) => {
          fleet.open.delete(key);
          here((now) => {
            lost(
              fleet.book,
              now,
              runId,
              `its workflow was ended from outside: ${messageOf(error)}`,
              Date.now(),
            );
          });
        },
      );
    } catch (error) {
      const others = error instanceof WorkflowExecutionAlreadyStartedError;
      const seen = others ? await lookAt(workflowIdOf(tenant)) : undefined;
      here((now) => {
        if (seen) takeOver(fleet, now, seen);
        else lost(fleet.book, now, undefined, `it could not be started: ${messageOf(error)}`, Date.now());
      });
    }
  });
}

function inputOf(fleet: Fleet, index: number): TenantUpgradeInput {
  const { spec, tally, head, forecast } = fleet.book;
  const tenant = at(spec.tenants, index);
  const entry = tally.entry(index);
  const { path, windows, onFailure, onClose, logs } = at(
    spec.profiles,
    (entry?.newPlan ? tenant.next : undefined) ?? tenant.profile,
  );
  const { site } = at(spec.clusters, tenant.cluster);
  const takenBackRun = entry?.takingBack && entry.backupOf;
  const actor = actorOf(entry?.takingBack ?? head.startedBy);
  return {
    tenant: fleet.tenant(index),
    path: at(spec.paths, path),
    // What is taken back at an operator's word does not wait for a window.
    windows:
      takenBackRun === undefined
        ? { ...at(spec.windows, windows), estimate: estimateOf(forecast) }
        : { windows: [], freezes: [] },
    onFailure,
    onClose,
    ...(logs === false ? { logs } : {}),
    startedBy: { ...actor, why: `fleet ${spec.name}: ${actor.why}` },
    retries: spec.retries,
    fleet: { workflowId: fleet.workflowId, wave: at(spec.waves, tally.waveOf(index)).name },
    ...(site === undefined ? {} : { site }),
    ...(fleet.visible ? { visible: true } : {}),
    ...(takenBackRun === undefined ? {} : { takeBack: { backup: backupSecretName(takenBackRun) } }),
    ...(entry?.takingBack || entry?.backupOf === undefined ? {} : { backupOf: entry.backupOf }),
  };
}

function attributesOf(fleet: Fleet, index: number, path: ResolvedPath): SearchAttributeValues {
  const { spec, tally } = fleet.book;
  return {
    ...attributesOfTenant(fleet.tenant(index), path, { unnamed: !fleet.namesClusters }),
    ThreescaleFleet: spec.name,
    ThreescaleWave: at(spec.waves, tally.waveOf(index)).name,
  };
}

/** A workflow that has completed has ended in one of them. */
function finalOf({ state }: TenantProgress): FinalState {
  return state as FinalState;
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
