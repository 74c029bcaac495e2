import { accessTo, named } from '../../src/openshift/tenant-api.ts';
import { edit } from '../edit.ts';
import { lookAtRollout, rolloutOf } from '../rollout.ts';
import { missing } from '../step-error.ts';
import type { StepModule } from '../step-module.ts';
import { absent, blocked, NOTHING, UNCHANGED } from '../step-module.ts';
import { isPausedByUs } from '../paused-by.ts';
import { pauseOperations, resume } from './pause-rollouts.ts';

/**
 * Un-pauses a DeploymentConfig: what changed while it was paused starts exactly one rollout by itself
 * (OPENSHIFT-API.md, "Pause"), so nothing is instantiated but after a failure.
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

  async apply(work, { deploymentConfig: name, optional }) {
    const config = await work.api.get('deploymentconfigs', name);
    if (config && !config.spec.paused) {
      const rollout = await rolloutOf(work.api, config);
      if (rollout.status === 'complete') return { ...UNCHANGED, note: `version ${rollout.version} runs` };
    }
    const resumed = config && (await resume(work, config));
    if (resumed && resumed.status !== 'absent')
      return { status: 'done', note: `version ${resumed.version} runs` };
    if (optional) return { status: 'absent' };
    throw missing(`dc/${name}`);
  },

  async verify({ api }, { deploymentConfig: name, optional }, moment) {
    if (moment === 'staged') return [];
    const looked = await lookAtRollout(api, name);
    if (!looked) return optional ? [] : [`dc/${name} is not there`];
    const { rollout } = looked;
    if (rollout.status === 'complete') return [];
    if (rollout.status === 'running') return [`dc/${name} is not settled: ${rollout.note}`];
    return [`dc/${name}: its newest rollout is ${rollout.status}`];
  },

  /** Paused again: what follows is undone without a rollout of its own. Waits for what runs, which goes on. */
  async revert({ api, mark }, { deploymentConfig: name }) {
    const { status } = await edit(api, 'deploymentconfigs', name, (config) => pauseOperations(config, mark));
    return status === 'done' ? { status: 'done', note: 'paused again' } : UNCHANGED;
  },

  rights: ({ deploymentConfig: name }) => [
    ...(['get', 'list', 'watch'] as const).map((verb) => accessTo(verb, 'deploymentconfigs')),
    named(accessTo('patch', 'deploymentconfigs'), name),
    named(accessTo('create', 'deploymentconfigs', 'instantiate'), name),
    accessTo('get', 'replicationcontrollers'),
  ],
};
