import type { Operation } from 'fast-json-patch';
import type { PauseRolloutsStep } from '../../src/domain/step.ts';
import { accessTo, named } from '../../src/openshift/tenant-api.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../src/openshift/types.ts';
import { annotate, edit, pointer } from '../edit.ts';
import { missing, StepError } from '../step-error.ts';
import type { Done, View, StepModule, Work } from '../step-module.ts';
import { isPausedByUs, PAUSED_BY } from '../paused-by.ts';
import { DONE, UNCHANGED } from '../step-module.ts';
import { backedUp } from '../backup.ts';
import { rolloutOf, waitForRollout } from '../rollout.ts';

export function pausedByOthers(name: string): StepError {
  return new StepError(
    'EditedByOthers',
    `dc/${name} is paused, and not by this upgrade`,
    `Ask who paused it; when it may roll out again: oc rollout resume dc/${name}; then retry.`,
  );
}

/** Pauses it, with our mark. Nothing to do where we had done so. */
export function pauseOperations(config: DeploymentConfig, mark: string): Operation[] {
  if (isPausedByUs(config, mark)) return [];
  if (config.spec.paused) throw pausedByOthers(config.metadata.name);
  return [
    { op: 'add', path: '/spec/paused', value: true },
    ...annotate(config.metadata.annotations, PAUSED_BY, mark),
  ];
}

/** Un-pauses what we had paused, and takes the mark off. */
export function resumeOperations(config: DeploymentConfig, mark: string): Operation[] {
  if (!config.spec.paused) return [];
  if (!isPausedByUs(config, mark)) throw pausedByOthers(config.metadata.name);
  return [
    { op: 'remove', path: '/spec/paused' },
    { op: 'remove', path: pointer('metadata', 'annotations', PAUSED_BY) },
  ];
}

export const pauseRollouts: StepModule<'pause-rollouts'> = {
  async inspect({ api, mark }, { deploymentConfigs }) {
    const changes = [];
    for (const { name } of deploymentConfigs) {
      const config = await api.get('deploymentconfigs', name);
      if (!config || isPausedByUs(config, mark)) continue;
      changes.push({
        object: `dc/${name}`,
        path: 'spec.paused',
        after: 'true (while the upgrade is staged)',
      });
    }
    return { status: changes.length > 0 ? 'todo' : 'done', changes };
  },

  async apply({ api, mark }, { deploymentConfigs }) {
    const configs = await api.list('deploymentconfigs');
    let changed = 0;
    for (const { name, optional } of deploymentConfigs) {
      const seen = configs.find(({ metadata }) => metadata.name === name) ?? name;
      const { status } = await edit(api, 'deploymentconfigs', seen, (config) =>
        pauseOperations(config, mark),
      );
      if (status === 'absent' && !optional) throw missing(`dc/${name}`);
      if (status === 'done') changed += 1;
    }
    return changed > 0 ? { status: 'done', note: `${changed} DeploymentConfigs paused` } : UNCHANGED;
  },

  async verify({ api, mark }: View, { deploymentConfigs }, moment) {
    const problems: string[] = [];
    for (const { name } of deploymentConfigs) {
      const config = await api.get('deploymentconfigs', name);
      if (!config) continue;
      if (moment === 'staged' && !isPausedByUs(config, mark)) problems.push(`dc/${name} is not paused`);
      if (moment === 'upgraded' && isPausedByUs(config, mark)) problems.push(`dc/${name} is still paused`);
    }
    return problems;
  },

  rights({ deploymentConfigs }) {
    const names = deploymentConfigs.map(({ name }) => name);
    return [
      ...(['get', 'list', 'watch'] as const).map((verb) => accessTo(verb, 'deploymentconfigs')),
      named(accessTo('patch', 'deploymentconfigs'), ...names),
      // On the way back too, a rollout that had failed is started once more.
      named(accessTo('create', 'deploymentconfigs', 'instantiate'), ...names),
      accessTo('get', 'replicationcontrollers'),
    ];
  },
};

/** The compensation, for one DeploymentConfig: un-pauses it, and waits until what the backup has runs. */
export async function resumeRollouts(work: Work, _step: PauseRolloutsStep, name: string): Promise<Done> {
  const resumed = await resume(work, name);
  if (resumed.status !== 'absent') return resumed.status === 'done' ? DONE : UNCHANGED;
  if (backedUp(await work.backup(), 'deploymentconfigs', name)) throw missing(`dc/${name}`);
  return UNCHANGED;
}

/**
 * Un-pauses a DeploymentConfig (named, or as it was just read) where we had paused it, and waits until what it holds
 * runs. What had failed before is rolled out once more: un-pausing it starts nothing.
 */
export async function resume(
  { api, mark }: Pick<Work, 'api' | 'mark'>,
  which: string | DeploymentConfig,
): Promise<{ status: 'done' | 'unchanged'; version: number } | { status: 'absent' }> {
  const resumed = await edit(api, 'deploymentconfigs', which, (config) => resumeOperations(config, mark));
  if (resumed.status === 'absent') return resumed;
  const { status, object } = resumed;
  const retryUpTo = status === 'done' ? object.status?.latestVersion : await failedVersion(api, object);
  return { status, version: await waitForRollout(api, object, { retryUpTo }) };
}

async function failedVersion(api: TenantApi, config: DeploymentConfig): Promise<number | undefined> {
  const rollout = await rolloutOf(api, config);
  return rollout.status === 'failed' ? rollout.version : undefined;
}
