import { accessTo, named } from '../../openshift/tenant-api.ts';
import { newestControllerName } from '../../openshift/rollout.ts';
import { edit } from '../edit/edit.ts';
import { lookAtRollout, rolloutOf } from '../rollout.ts';
import { missing } from '../step-error.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import type { StepModule, Work } from './step-module.ts';
import { absent, blocked, edited, NOTHING, problems, UNCHANGED } from './step-module.ts';
import { carriesOurPause, isPausedByUs } from '../claim/marks.ts';
import { pauseOperations, resume } from './pause-rollouts.ts';

/**
 * What stands paused by us is un-paused with a test of its resourceVersion: for that a look that is a moment old will do. All else
 * is read, and so is what crosses the point of no return.
 */
async function found(
  { api, mark, rollouts }: Work,
  name: string,
  crosses: boolean,
): Promise<DeploymentConfig | undefined> {
  const seen = crosses ? undefined : await rollouts?.().look(name, api.signal);
  return seen && isPausedByUs(seen, mark) ? seen : api.get('deploymentconfigs', name);
}

/**
 * Un-pauses a DeploymentConfig: what changed while it was paused starts exactly one rollout by itself, and to instantiate
 * one as well would make two. So nothing is instantiated but after a failure.
 */
export const rollOut: StepModule<'roll-out'> = {
  async inspect({ api, mark }, { deploymentConfig: name }) {
    const looked = await lookAtRollout(api, name);
    if (!looked) return absent(`dc/${name}`);
    const { config, rollout } = looked;
    if (rollout.status === 'complete') return NOTHING;
    if (config.spec.paused && !isPausedByUs(config, mark)) return blocked(`dc/${name} is paused by others`);
    return { status: 'todo', changes: [{ object: `dc/${name}`, path: '', after: 'one rollout' }] };
  },

  async apply(work, { deploymentConfig: name, optional, pointOfNoReturn: crosses = false }) {
    const config = await found(work, name, crosses);
    if (config && isPausedByUs(config, work.mark)) {
      await work.stillStaged?.(config);
      // The patch that crosses says more.
      if (!crosses) await work.beginSwitch?.();
    }
    if (config && !config.spec.paused && !carriesOurPause(config, work.mark) && !crosses) {
      const rollout = await rolloutOf(work.api, config);
      if (rollout.status === 'complete') return { ...UNCHANGED, note: `version ${rollout.version} runs` };
    }
    const resumed = config && (await resume(work, config, { crosses }));
    if (resumed && resumed.status !== 'absent')
      return { status: resumed.status, note: `version ${resumed.version} runs` };
    if (optional) return { status: 'absent' };
    throw missing(`dc/${name}`);
  },

  async verify({ api }, { deploymentConfig: name, optional }, moment) {
    if (moment === 'staged') return [];
    if (moment === 'switching') {
      const isGone = !optional && !(await api.get('deploymentconfigs', name));
      return isGone ? [edited(`dc/${name} is not there`)] : [];
    }
    const looked = await lookAtRollout(api, name);
    if (!looked) return problems(optional !== true, `dc/${name} is not there`);
    const { config, rollout } = looked;
    if (rollout.status === 'complete') return [];
    const message =
      rollout.status === 'running'
        ? `dc/${name} is not settled: ${rollout.note}`
        : `dc/${name}: its newest rollout is ${rollout.status}`;
    const subject = { deploymentConfig: name, controller: newestControllerName(config) };
    return [{ message, ...(rollout.status === 'paused' ? {} : { rollout: subject }) }];
  },

  /** Paused again: what follows is undone without a rollout of its own. Waits for what runs, which goes on. */
  async revert({ api, mark }, { deploymentConfig: name }) {
    const { status } = await edit(api, 'deploymentconfigs', name, (config) => pauseOperations(config, mark));
    return status === 'done' ? { status: 'done', note: 'paused again' } : UNCHANGED;
  },

  tellsOfVersion: 'never',

  touches: ({ deploymentConfig: name }) => [{ resource: 'deploymentconfigs', name }],

  rights: ({ deploymentConfig: name }) => [
    ...(['get', 'list', 'watch'] as const).map((verb) => accessTo(verb, 'deploymentconfigs')),
    named(accessTo('patch', 'deploymentconfigs'), name),
    named(accessTo('create', 'deploymentconfigs', 'instantiate'), name),
    accessTo('get', 'replicationcontrollers'),
  ],
};
