import { Context } from '@temporalio/activity';
import { backupSecretName } from '../src/domain/tenant/backup-name.ts';
import { isBlocked } from '../src/domain/tenant/finding.ts';
import { anchorOf } from '../src/domain/paths/index.ts';
import type { Step, StepKind, StepOf } from '../src/domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../src/domain/tenant/step.ts';
import type { TenantRef } from '../src/domain/tenant/tenant.ts';
import type { RetryLimits } from '../src/domain/tenant/tenant-upgrade.ts';
import { findWindow } from '../src/domain/windows/find-window.ts';
import { workflowIdOf } from '../src/domain/tenant/workflow-id.ts';
import type { Clusters } from '../src/openshift/clusters.ts';
import { RolloutWatches } from '../src/openshift/rollout-watch.ts';
import { seenAs } from '../src/openshift/snapshot.ts';
import type { DeploymentConfig } from '../src/openshift/types.ts';
import type { Backup } from '../src/procedure/backup/backup.ts';
import { required } from '../src/procedure/backup/backup.ts';
import { deleteBackupSecret, findBackupSecret } from '../src/procedure/backup/backup-secret.ts';
import { beginRevert } from '../src/procedure/claim/begin-revert.ts';
import type { Attempt } from './boundary.ts';
import { atBoundary } from './boundary.ts';
import type { Claimant } from '../src/procedure/claim/claim.ts';
import { beginSwitch, claimOf } from '../src/procedure/claim/claim.ts';
import { findCrossing } from '../src/procedure/claim/crossing.ts';
import type { StepInput, TenantActivities } from './contract.ts';
import type { PathIdentity, StepOutcome } from '../src/domain/tenant/outcome.ts';
import { differencesToBackup, mayBeOurs } from '../src/procedure/backup/differences.ts';
import { endUpgrade } from '../src/procedure/claim/end-upgrade.ts';
import { Leases } from '../src/procedure/claim/fence.ts';
import { ResumedByOthers } from '../src/procedure/edit/guard.ts';
import { leftByAnother } from '../src/procedure/claim/left-half-done.ts';
import { lookTwice, seeTwice } from '../src/procedure/edit/look-twice.ts';
import { makeBackup } from '../src/procedure/backup/make-backup.ts';
import { onSteps } from './on-steps.ts';
import { refuseUnlessPermitted } from './permitted.ts';
import { preflight } from '../src/procedure/preflight/preflight.ts';
import { Recent } from './recent.ts';
import { missing } from '../src/procedure/step-error.ts';
import { onlyBackup } from '../src/procedure/backup/take-backup.ts';
import type { Done, ModuleKind, Work } from '../src/procedure/steps/step-module.ts';
import { isModuleStep } from '../src/procedure/steps/step-module.ts';
import { moduleOf } from '../src/procedure/steps/index.ts';
import { resumeRollouts } from '../src/procedure/steps/pause-rollouts.ts';
import { changedByOthers, verifySteps, VERIFIED } from '../src/procedure/verify/verify.ts';
import { verifyStaged } from '../src/procedure/verify/verify-staged.ts';
import type { Purpose } from './work.ts';
import { openWork } from './work.ts';

interface TenantInput {
  readonly tenant: TenantRef;
  readonly limits: RetryLimits;
  readonly path?: PathIdentity;
  readonly backup?: string;
  readonly crossBefore?: number;
  readonly logs?: boolean;
  readonly step?: Step;
}

/** As the claim says. */
async function hasCrossed({ api }: Work, path: PathIdentity): Promise<boolean> {
  const config = await api.get('deploymentconfigs', anchorOf(path));
  return config !== undefined && claimOf(config)?.phase === 'crossed';
}

/**
 * On the way there it may create an object whose name a revert sets free again, and on the way back change what a later
 * upgrade makes anew. (An import asks for a stream as it was read, so that it is never late; a rollout that is started late
 * rolls what is there.)
 */
function isUnguarded({ step }: TenantInput, purpose: Purpose): boolean {
  if (purpose === 'looking' || purpose === 'ending') return false;
  if (purpose === 'reverting')
    return step !== undefined && isModuleStep(step) && moduleOf(step).revertIsUnguarded === true;
  if (step === undefined || !isModuleStep(step)) return true;
  return moduleOf(step)
    .rights(step)
    .some(
      ({ verb, resource, subresource }) =>
        verb === 'create' && subresource === undefined && resource !== 'imagestreamimports',
    );
}

/** Without those that were left as they are: what they have set tells of no new version. */
function tellingSteps({
  path: { steps },
  left = [],
}: {
  readonly path: ResolvedPath;
  readonly left?: readonly string[];
}): readonly Step[] {
  return steps.filter(
    (step) => !(isModuleStep(step) && moduleOf(step).variables !== undefined && left.includes(step.id)),
  );
}

/** The activities of a worker that reaches these clusters. */
export function createActivities(clusters: Clusters): TenantActivities {
  const leases = new Leases();
  const backups = new Recent<Backup>();
  const watches = new RolloutWatches((tenant, signal) => clusters.open(tenant, signal));

  function withTenant<T extends object>(
    input: TenantInput,
    purpose: Purpose,
    act: (work: Work, attempt: Attempt) => Promise<T>,
  ): Promise<T> {
    refuseUnlessPermitted(input, Context.current().info.workflowExecution?.workflowId);
    const { tenant, limits } = input;
    return atBoundary({ tenant, limits, isUnguarded: isUnguarded(input, purpose) }, (attempt) => {
      const { backup, path = { from: '', to: '' }, crossBefore, logs } = input;
      const api = clusters.open(tenant, attempt.signal);
      const mark = workflowIdOf(tenant);
      const rollouts = () => watches.of(tenant);
      const request = { api, attempt, path, backup, purpose, leases, mark, crossBefore, logs, rollouts };
      // What is taken back is taken back to a backup that is there; and what one look finds is looked at twice.
      let recent = purpose === 'reverting' || purpose === 'claiming' ? undefined : backups;
      return lookTwice(() => {
        const { work, hasWritten } = openWork({ ...request, backups: recent });
        recent = undefined;
        return { act: () => act(work, attempt), hasWritten };
      }, attempt.signal);
    });
  }

  const stepOutcome = (
    input: TenantInput,
    purpose: Purpose,
    act: (work: Work) => Promise<Done>,
  ): Promise<StepOutcome> =>
    withTenant(input, purpose, async (work, { number }) => ({ ...(await act(work)), attempts: number }));

  function apply(input: StepInput<StepKind>): Promise<StepOutcome> {
    const step = input.step as StepOf<ModuleKind>;
    return stepOutcome(input, 'forward', async (work) => {
      try {
        return await moduleOf(step).apply(work, step);
      } catch (error) {
        // Past the point of no return nothing is paused again: what is still to be changed rolls at once.
        if (!(error instanceof ResumedByOthers) || !(await hasCrossed(work, input.path))) throw error;
        return moduleOf(step).apply({ ...work, mayRoll: true }, step);
      }
    });
  }

  function revert(input: StepInput<StepKind>): Promise<StepOutcome> {
    const step = input.step as StepOf<ModuleKind>;
    return stepOutcome(
      input,
      'reverting',
      async (work) => (await moduleOf(step).revert?.(work, step)) ?? { status: 'unchanged' },
    );
  }

  const claimantOf = (path: PathIdentity, backup: string, { runId }: Attempt): Claimant => ({
    anchor: anchorOf(path),
    backup,
    run: runId,
  });

  return {
    ...onSteps(apply, revert),

    checkTenant: (input) =>
      withTenant(input, 'looking', (work, { signal }) =>
        seeTwice(() => preflight(work, input.path), isBlocked, signal),
      ),

    backUpTenant: (input) =>
      withTenant(input, 'claiming', async (work, attempt) => ({
        ...(await makeBackup(
          work,
          input.path,
          claimantOf(input.path, backupSecretName(input.runId), attempt),
        )),
        attempts: attempt.number,
      })),

    findBackup: (input) =>
      withTenant(input, 'looking', async (work) => {
        const { api } = work;
        // A run that found all upgraded made none: that of the run which upgraded it serves.
        const secret =
          (await findBackupSecret(api, input.backup)) ??
          (input.own ? undefined : await onlyBackup(api, input.path));
        const found = secret ? { secret: secret.metadata.name } : {};
        if (input.andLeft) return { ...found, left: await leftByAnother(work, input.path) };
        if (!secret) throw missing(`secret/${input.backup}`);
        return found;
      }),

    beginRevert: (input) =>
      withTenant(input, 'claiming', (work, attempt) =>
        beginRevert(work, input.path, {
          claimant: claimantOf(input.path, input.backup, attempt),
          crossingIsKnown: input.crossed,
          begun: input.begun ?? true,
        }),
      ),

    lookForCrossing: (input) =>
      withTenant(input, 'looking', async ({ api, backup }) => {
        const { why } = await findCrossing(api, tellingSteps(input), await backup());
        return why === undefined ? {} : { why };
      }),

    verifyReverted: (input) =>
      withTenant(input, input.keep ? 'looking' : 'reverting', async (work, { number, signal }) => {
        const backup = required(await work.backup());
        const differences = await seeTwice(
          () => differencesToBackup(work, input.path, backup),
          (found) => found.length > 0,
          signal,
        );
        const isOver = differences.length === 0 && !input.keep;
        const secret = isOver ? await findBackupSecret(work.api, input.backup) : undefined;
        if (secret) await deleteBackupSecret(work.api, secret);
        const { why } =
          input.crossed === false ? await findCrossing(work.api, tellingSteps(input), backup) : {};
        return {
          status: 'done',
          attempts: number,
          differences: differences.map(({ shown }) => shown),
          mayBeOurs: differences.some(({ field }) => mayBeOurs(field, input.path.steps)),
          ...(why === undefined ? {} : { crossed: why }),
        };
      }),

    endUpgrade: (input) =>
      withTenant(input, 'claiming', async ({ api }, attempt) => ({
        ...(await endUpgrade(api, claimantOf(input.path, input.backup, attempt), input)),
        attempts: attempt.number,
      })),

    findWindow: ({ policy, neededMs, atMs }) => Promise.resolve(findWindow(policy, neededMs, atMs)),

    listPausedDeploymentConfigs: (input) =>
      withTenant(input, 'looking', async ({ api }) => {
        const configs = await api.list('deploymentconfigs');
        return configs
          .filter(({ metadata, spec }) => spec.paused === true && input.names.includes(metadata.name))
          .map(({ metadata }) => metadata.name);
      }),

    pauseRollouts: (input) =>
      stepOutcome(input, 'forward', (work) => {
        const { steps } = input;
        const look = steps && (async () => findCrossing(work.api, steps, await work.backup()));
        return moduleOf(input.step).apply({ ...work, ...(look ? { findCrossing: look } : {}) }, input.step);
      }),
    rollOut: (input) =>
      stepOutcome(input, 'forward', (work) => {
        const { staged } = input;
        const stillStaged =
          staged &&
          (async (config: DeploymentConfig) =>
            void (await verifySteps(work, staged, 'switching', seenAs(config, work.api))));
        const begin = async (): Promise<void> => {
          const key = [work.mark, input.backup, 'switching'].join(' ');
          const anchor = anchorOf(input.path);
          await leases.see(key, async () => {
            const seen = await work.rollouts?.().look(anchor, work.api.signal);
            await beginSwitch(work.api, seen ?? anchor);
          });
        };
        return moduleOf(input.step).apply(
          { ...work, beginSwitch: begin, ...(stillStaged ? { stillStaged } : {}) },
          input.step,
        );
      }),
    verifyStaged: (input) =>
      stepOutcome(input, 'looking', (work) =>
        verifyStaged(work, {
          steps: input.steps,
          moment: input.again ? 'switching' : 'staged',
          rolled: input.rolled,
        }),
      ),
    verifyUpgraded: (input) =>
      withTenant(input, input.claim === undefined ? 'looking' : 'ending', async (work, attempt) => {
        const view = await verifySteps(work, input.steps, 'upgraded');
        const backup = await work.backup();
        // The first look is the one that verified; of others is told what a later one finds too.
        const looks = [view];
        const others = await seeTwice(
          async () => (backup ? changedByOthers(looks.shift() ?? work, input.steps, backup) : []),
          (found) => found.length > 0,
          work.api.signal,
        );
        const changed = others.length > 0 && { note: `changed by others meanwhile: ${others.join(', ')}` };
        const verified = { ...VERIFIED, ...changed, attempts: attempt.number };
        if (input.claim === undefined) return verified;
        const claimant = claimantOf(input.path, input.claim, attempt);
        const looked = await view.api.get('deploymentconfigs', claimant.anchor);
        await endUpgrade(work.api, claimant, { looked });
        return { ...verified, unclaimed: true };
      }),

    resumeRollouts: (input) =>
      stepOutcome(input, 'reverting', (work) => resumeRollouts(work, input.step, input.deploymentConfig)),
  };
}
