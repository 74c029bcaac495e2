import { Context } from '@temporalio/activity';
import { findWindow } from '../src/domain/windows.ts';
import type { StepOf } from '../src/domain/step.ts';
import type { TenantRef } from '../src/domain/tenant.ts';
import type { RetryLimits } from '../src/domain/tenant-upgrade.ts';
import { workflowIdOf } from '../src/domain/workflow-id.ts';
import { backupSecretName } from '../src/domain/backup-name.ts';
import type { Clusters } from '../src/openshift/clusters.ts';
import { backUp, readBackup, required } from './backup.ts';
import { atBoundary } from './boundary.ts';
import type { PathIdentity, StepInput, StepOutcome, TenantActivities } from './contract.ts';
import { refuseUnlessPermitted } from './permitted.ts';
import { preflight } from './preflight.ts';
import { StepError } from './step-error.ts';
import type { Done, ModuleKind, Work } from './step-module.ts';
import { moduleOf } from './steps/index.ts';
import { resumeRollouts } from './steps/pause-rollouts.ts';
import { changedByOthers, differencesToBackup, VERIFIED, verifySteps } from './verify.ts';

interface TenantInput {
  readonly tenant: TenantRef;
  readonly limits: RetryLimits;
  readonly path?: PathIdentity;
  readonly backup?: string;
}

/** The activities of a worker that reaches these clusters. */
export function createActivities(clusters: Clusters): TenantActivities {
  function withTenant<T>(input: TenantInput, act: (work: Work, attempt: number) => Promise<T>): Promise<T> {
    refuseUnlessPermitted(input, Context.current().info.workflowExecution?.workflowId);
    return atBoundary(input, (signal, attempt) => {
      const api = clusters.open(input.tenant, signal);
      const { backup, path = { from: '', to: '' } } = input;
      let read: ReturnType<typeof readBackup> | undefined;
      const work: Work = {
        api,
        path,
        mark: workflowIdOf(input.tenant),
        backup: () => (read ??= backup === undefined ? Promise.resolve(undefined) : readBackup(api, backup)),
      };
      return act(work, attempt);
    });
  }

  const stepOutcome = (input: TenantInput, act: (work: Work) => Promise<Done>): Promise<StepOutcome> =>
    withTenant(input, async (work, attempts) => ({ ...(await act(work)), attempts }));

  function apply<K extends ModuleKind>(input: StepInput<K>): Promise<StepOutcome> {
    const step = input.step as StepOf<ModuleKind>;
    return stepOutcome(input, (work) => moduleOf(step).apply(work, step));
  }

  function revert<K extends ModuleKind>(input: StepInput<K>): Promise<StepOutcome> {
    const step = input.step as StepOf<ModuleKind>;
    return stepOutcome(
      input,
      async (work) => (await moduleOf(step).revert?.(work, step)) ?? { status: 'unchanged' },
    );
  }

  return {
    checkTenant: (input) => withTenant(input, (work) => preflight(work, input.path)),

    backUpTenant: (input) =>
      withTenant(input, async ({ api, mark }, attempts) => {
        const secret = backupSecretName(input.runId);
        await backUp(api, secret, input.path, mark);
        return { secret, attempts };
      }),

    findBackup: (input) =>
      withTenant(input, async (work) => {
        required(await work.backup());
      }),

    verifyReverted: (input) =>
      withTenant(input, async (work, attempts) => {
        const backup = await work.backup();
        if (!backup) {
          throw new StepError(
            'NotFound',
            `secret/${input.backup} is not there`,
            'Compare the installation by hand, or skip the step.',
          );
        }
        const differences = await differencesToBackup(work, input.path, backup);
        if (differences.length === 0) await work.api.delete('secrets', input.backup);
        return { status: 'done', attempts, differences };
      }),

    findWindow: ({ policy, neededMs, atMs }) => Promise.resolve(findWindow(policy, neededMs, atMs)),

    listPausedDeploymentConfigs: (input) =>
      withTenant(input, async ({ api }) => {
        const configs = await api.list('deploymentconfigs');
        return configs
          .filter(({ metadata, spec }) => spec.paused === true && input.names.includes(metadata.name))
          .map(({ metadata }) => metadata.name);
      }),

    pauseRollouts: apply,
    createRoute: apply,
    tagImageStream: apply,
    setImage: apply,
    setEnv: apply,
    createSecret: apply,
    rollOut: apply,
    deleteDeploymentConfig: apply,
    deleteRoute: apply,
    runInPod: apply,
    verifyStaged: (input) =>
      stepOutcome(input, async (work) => {
        const staged = input.steps.filter(({ phase }) => phase === 'stage');
        await verifySteps(work, staged, 'staged');
        return VERIFIED;
      }),
    verifyUpgraded: (input) =>
      stepOutcome(input, async (work) => {
        const view = await verifySteps(work, input.steps, 'upgraded');
        const backup = await work.backup();
        const others = backup ? await changedByOthers(view, input.steps, backup) : [];
        if (others.length === 0) return VERIFIED;
        return { ...VERIFIED, note: `changed by others meanwhile: ${others.join(', ')}` };
      }),

    resumeRollouts: (input) =>
      stepOutcome(input, (work) => resumeRollouts(work, input.step, input.deploymentConfig)),
    revertRoute: revert,
    revertImageStreamTag: revert,
    revertImage: revert,
    revertEnv: revert,
    deleteSecret: revert,
    pauseAgain: revert,
    restoreDeploymentConfig: revert,
    restoreRoute: revert,
  };
}
