import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  getExternalWorkflowHandle,
  ParentClosePolicy,
  ChildWorkflowCancellationType,
  startChild,
} from '@temporalio/workflow';
import type { UpgradeSeen } from '../activities/fleet-contract.ts';
import { backupSecretName } from '../src/domain/backup-name.ts';
import { endReport } from '../src/domain/fleet/end-report.ts';
import { estimateOf } from '../src/domain/fleet/forecast.ts';
import type { FleetTenantState } from '../src/domain/fleet/state.ts';
import { LIVE } from '../src/domain/fleet/state.ts';
import { at, nameOfTenant, tenantKey } from '../src/domain/fleet/spec.ts';
import {
  adopted,
  foundUnderWay,
  lost,
  notYetClosed,
  refused,
  reported,
  runStarted,
  started,
} from '../src/domain/fleet/tenant-events.ts';
import type { FinalState, TenantProgress } from '../src/domain/progress.ts';
import type { SearchAttributeValues } from '../src/domain/search-attributes.ts';
import { attributesOfTenant } from '../src/domain/search-attributes.ts';
import type { ResolvedPath } from '../src/domain/step.ts';
import type { TenantUpgradeInput } from '../src/domain/tenant-upgrade.ts';
import type { Actor, TenantRef } from '../src/domain/tenant.ts';
import { tenantKeyOf } from '../src/domain/tenant.ts';
import { workflowIdOf, workflowIdOfKey } from '../src/domain/workflow-id.ts';
import type { Fleet } from './fleet.ts';
import { lookAtUpgrades } from './fleet-look.ts';
import { abortSignal, admitSignal, decideSignal, pauseSignal, resumeSignal } from './messages.ts';
import { pairsOf } from './search-attributes.ts';
import type { tenantUpgrade } from './tenant-upgrade.ts';

/** How many tenants are told something at once. */
const TOLD_AT_ONCE = 50;

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
      });
      catchUp(fleet, tenant);
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

/** Lets a tenant go on that had asked for a slot. */
export function admitTenant(fleet: Fleet, index: number): void {
  const estimate = estimateOf(fleet.book.forecast);
  tellTenants(fleet, [index], (tenant) => tenant.signal(admitSignal, estimate));
}

type TenantHandle = ReturnType<typeof getExternalWorkflowHandle>;

/**
 * Says something to the runs of these tenants that the fleet knows: another run of the same tenant is somebody else's.
 * One that has ended need not hear it, and one that is being started is told once it is (`catchUp`).
 */
export function tellTenants(
  fleet: Fleet,
  indexes: readonly number[],
  say: (tenant: TenantHandle, ref: TenantRef) => Promise<void>,
): void {
  const { starting, tally } = fleet.book;
  const runs = indexes
    .filter((index) => !starting.has(index))
    .map((index) => ({ ref: fleet.tenant(index), runId: tally.entry(index)?.runId }));
  fleet.tell(async () => {
    for (let next = 0; next < runs.length; next += TOLD_AT_ONCE) {
      await Promise.all(
        runs.slice(next, next + TOLD_AT_ONCE).map(async ({ ref, runId }) => {
          try {
            await say(getExternalWorkflowHandle(workflowIdOf(ref), runId), ref);
          } catch {
            // Its end is told by other ways.
          }
        }),
      );
    }
  });
}

/** Ends the fleet's own pause in these, or in all that are under way. */
export function letGoOn(fleet: Fleet, { by, why }: Actor, indexes = fleet.book.tally.in(LIVE)): void {
  tellTenants(fleet, indexes, (tenant) => tenant.signal(resumeSignal, { by, why, of: fleet.workflowId }));
}

/** Lets one that is under way undo what it did; past the point of no return it is held, and the fleet hears of it. */
export function undo(fleet: Fleet, index: number, { by, why }: Actor): void {
  tellTenants(fleet, [index], (tenant) => tenant.signal(abortSignal, { by, why, late: 'hold' }));
}

/** Lets one that is held, or cannot be reached, try again. */
export function tryAgain(fleet: Fleet, index: number, { by, why }: Actor): void {
  tellTenants(fleet, [index], (tenant) => tenant.signal(decideSignal, { by, why, decision: 'retry' }));
  fleet.book.told.set(index, Date.now());
}

/** What was said to all, or about this one, while it was being started. */
function catchUp(fleet: Fleet, tenant: TenantRef): void {
  const { paused, ending } = fleet.book.head;
  const index = fleet.book.indexOf(tenantKeyOf(tenant));
  if (index === undefined) return;
  if (paused && !paused.newOnly) {
    const { by, why } = paused;
    tellTenants(fleet, [index], (child) => child.signal(pauseSignal, { by, why, of: fleet.workflowId }));
  }
  const { takingBack, unwanted } = fleet.book.tally.entry(index) ?? {};
  if (unwanted) undo(fleet, index, unwanted);
  else if (ending?.kind === 'revert' && !takingBack) {
    const { by, why } = ending;
    tellTenants(fleet, [index], (child) => child.signal(abortSignal, { by, why, late: 'finish' }));
  }
}

function inputOf(fleet: Fleet, index: number): TenantUpgradeInput {
  const { spec, tally, head, forecast } = fleet.book;
  const tenant = at(spec.tenants, index);
  const entry = tally.entry(index);
  const { path, windows, onFailure, onClose } = at(
    spec.profiles,
    (entry?.newPlan ? tenant.next : undefined) ?? tenant.profile,
  );
  const { site } = at(spec.clusters, tenant.cluster);
  const takenBackRun = entry?.takingBack && entry.backupOf;
  const { by, why } = entry?.takingBack ?? head.startedBy;
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
    startedBy: { by, why: `fleet ${spec.name}: ${why}` },
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
    ...attributesOfTenant(fleet.tenant(index), path),
    ThreescaleFleet: spec.name,
    ThreescaleWave: at(spec.waves, tally.waveOf(index)).name,
  };
}

async function lookAt(workflowId: string): Promise<UpgradeSeen> {
  const [seen] = await lookAtUpgrades([workflowId], true);
  return seen ?? { workflowId, status: 'none' };
}

/** What stood in the way of a start: a run of this fleet's earlier life goes on as its own, somebody else's is waited for. */
function takeOver(fleet: Fleet, index: number, seen: UpgradeSeen): void {
  const { book, workflowId } = fleet;
  const nowMs = Date.now();
  if (seen.status !== 'running') return notYetClosed(book, index, nowMs);
  if (seen.fleet !== workflowId) return refused(book, index, nowMs);
  // Of the last run that the fleet knows, one that does not say what it is at has most likely said how it ended.
  const isLast = seen.runId === book.starting.get(index) && !seen.isAnswered;
  if (seen.isEnding || isLast) return notYetClosed(book, index, nowMs);
  fleet.unwatched.add(tenantKey(book.spec, at(book.spec.tenants, index)));
  adopted(book, index, seen.runId, nowMs);
  if (seen.report) reported(book, index, seen.runId, seen.report, nowMs);
  welcome(fleet, index);
  const { startedBy } = book.head;
  const { urgent, takingBack } = book.tally.entry(index) ?? {};
  if (urgent && !takingBack && isHeld(book.tally.state(index))) tryAgain(fleet, index, startedBy);
}

/** To one of the fleet's earlier life, which may have paused it, and which has not heard what was said to all since. */
function welcome(fleet: Fleet, index: number): void {
  const { paused, startedBy } = fleet.book.head;
  if (!paused || paused.newOnly) letGoOn(fleet, startedBy, [index]);
  catchUp(fleet, fleet.tenant(index));
}

/** A run of the fleet's earlier life speaks before it was met: it is the fleet's own again. */
export function takeUp(fleet: Fleet, index: number, runId: string): void {
  const { book } = fleet;
  fleet.unwatched.add(tenantKey(book.spec, at(book.spec.tenants, index)));
  foundUnderWay(book, index, runId, Date.now());
  welcome(fleet, index);
}

/** The same of a tenant that the file no longer has: it goes on to its end, and counts for nothing. */
export function letStrangerGoOn(fleet: Fleet, key: string, runId: string): void {
  const estimate = estimateOf(fleet.book.forecast);
  fleet.tell(async () => {
    try {
      await getExternalWorkflowHandle(workflowIdOfKey(key), runId).signal(admitSignal, estimate);
    } catch {
      // It has ended meanwhile.
    }
  });
}

const isHeld = (state: FleetTenantState): boolean => state === 'held' || state === 'unreachable';

/** A workflow that has completed has ended in one of them. */
function finalOf({ state }: TenantProgress): FinalState {
  return state as FinalState;
}

function messageOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
