import type { Operation } from 'fast-json-patch';
import type { SetImageStep } from '../../domain/tenant/step-kinds.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { backedUp } from '../backup/backup.ts';
import { edit, pointer } from '../edit/edit.ts';
import { containersOf } from '../edit/env.ts';
import { refuseEdited, refuseResumed } from '../edit/guard.ts';
import { editedByOthers, missing } from '../step-error.ts';
import type { StepModule } from './step-module.ts';
import { absent, blocked, DONE, edited, NOTHING, problems, UNCHANGED } from './step-module.ts';

/** Merges go by container name, so a wrong name would add one: it must be there. */
export const setImage: StepModule<'set-image'> = {
  async inspect({ api }, step) {
    const config = await api.get('deploymentconfigs', step.deploymentConfig);
    if (!config) return absent(`dc/${step.deploymentConfig}`);
    const current = imageOf(config, step.container);
    if (current === undefined)
      return blocked(`dc/${step.deploymentConfig} has no container ${step.container}`);
    if (current === step.image) return NOTHING;
    const path = `spec.template.spec.containers[${step.container}].image`;
    const change = { object: `dc/${step.deploymentConfig}`, path, before: current, after: step.image };
    return { status: 'todo', changes: [change] };
  },

  async apply({ api, backup, mark, mayRoll = false }, step) {
    const original = backedUp(await backup(), 'deploymentconfigs', step.deploymentConfig);
    const { status } = await edit(api, 'deploymentconfigs', step.deploymentConfig, (config) => {
      const current = imageOf(config, step.container);
      if (current === step.image) return [];
      const before = original && imageOf(original, step.container);
      refuseEdited(current, before, {
        object: `dc/${step.deploymentConfig}`,
        what: `image of ${step.container}`,
      });
      refuseResumed(config, { mark, mayRoll });
      return setTo(config, step, step.image);
    });
    if (status === 'absent' && !step.optional) throw missing(`dc/${step.deploymentConfig}`);
    return { status };
  },

  async verify({ api }, step) {
    const config = await api.get('deploymentconfigs', step.deploymentConfig);
    if (!config) return problems(step.optional !== true, `dc/${step.deploymentConfig} is not there`);
    if (imageOf(config, step.container) === step.image) return [];
    return [edited(`dc/${step.deploymentConfig}: container ${step.container} has another image`)];
  },

  async revert(work, step) {
    const original = backedUp(await work.backup(), 'deploymentconfigs', step.deploymentConfig);
    const before = original && imageOf(original, step.container);
    if (before === undefined) return UNCHANGED;
    const { status } = await edit(work.api, 'deploymentconfigs', step.deploymentConfig, (config) => {
      const current = imageOf(config, step.container);
      if (current === before) return [];
      if (current !== step.image)
        throw editedByOthers(`dc/${step.deploymentConfig}`, `the image of ${step.container}`);
      return setTo(config, step, before);
    });
    if (status === 'absent') throw missing(`dc/${step.deploymentConfig}`);
    return status === 'done' ? DONE : UNCHANGED;
  },

  touches: ({ deploymentConfig: name }) => [{ resource: 'deploymentconfigs', name }],

  rolls: ({ deploymentConfig }, { metadata }) => metadata.name === deploymentConfig,

  rights: ({ deploymentConfig }) => [
    accessTo('get', 'deploymentconfigs'),
    named(accessTo('patch', 'deploymentconfigs'), deploymentConfig),
  ],
};

function imageOf(config: DeploymentConfig, container: string): string | undefined {
  const found = containersOf(config).find(({ name }) => name === container);
  return found && (found.image ?? '');
}

function setTo(
  config: DeploymentConfig,
  { container, deploymentConfig }: SetImageStep,
  image: string,
): Operation[] {
  const index = containersOf(config).findIndex(({ name }) => name === container);
  if (index < 0) throw missing(`container ${container} of dc/${deploymentConfig}`);
  return [
    { op: 'add', path: pointer('spec', 'template', 'spec', 'containers', index, 'image'), value: image },
  ];
}
