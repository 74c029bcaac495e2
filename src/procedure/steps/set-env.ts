import { isDeepStrictEqual } from 'node:util';
import type { Operation } from 'fast-json-patch';
import type { FieldChange } from '../../domain/tenant/plan.ts';
import { REDACTED } from '../../domain/tenant/plan.ts';
import type { EnvSetting, SetEnvStep } from '../../domain/tenant/step-kinds.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, EnvVar } from '../../openshift/types.ts';
import type { Backup } from '../backup/backup.ts';
import { backedUp } from '../backup/backup.ts';
import { edit, pointer } from '../edit/edit.ts';
import { refuseEdited, refuseResumed } from '../edit/guard.ts';
import { editedByOthers, missing } from '../step-error.ts';
import type { StepModule } from './step-module.ts';
import { absent, edited, problems, UNCHANGED } from './step-module.ts';

/** A list of variables of a DeploymentConfig: of a container, or of its pre-hook. */
interface Place {
  readonly name: string;
  readonly path: string;
  readonly env: readonly EnvVar[] | undefined;
}

/** Variables on the vendor's containers, as `oc set env` sets them: replaced where they stand, else added at the end. */
export const setEnv: StepModule<'set-env'> = {
  async inspect({ api }, step) {
    const config = await api.get('deploymentconfigs', step.deploymentConfig);
    if (!config) return absent(`dc/${step.deploymentConfig}`);
    const changes = placesOf(config, step).flatMap((place) =>
      step.env.flatMap((setting) => changeOf(step.deploymentConfig, place, setting)),
    );
    return { status: changes.length > 0 ? 'todo' : 'done', changes };
  },

  async apply({ api, backup, mark, mayRoll = false }, step) {
    const before = placesBefore(await backup(), step);
    const { status } = await edit(api, 'deploymentconfigs', step.deploymentConfig, (config) => {
      const operations = placesOf(config, step).flatMap((place) =>
        rewrite(
          place,
          step.env.reduce<readonly EnvVar[]>(
            (env, setting) => put(env, setting, before.get(place.name), step.deploymentConfig),
            place.env ?? [],
          ),
        ),
      );
      if (operations.length > 0) refuseResumed(config, { mark, mayRoll });
      return operations;
    });
    if (status === 'absent' && !step.optional) throw missing(`dc/${step.deploymentConfig}`);
    return { status };
  },

  async verify({ api }, step) {
    const config = await api.get('deploymentconfigs', step.deploymentConfig);
    if (!config) return problems(step.optional !== true, `dc/${step.deploymentConfig} is not there`);
    return placesOf(config, step).flatMap((place) =>
      step.env
        .filter((setting) => !isDeepStrictEqual(find(place.env, setting.name), variableOf(setting)))
        .map(({ name }) =>
          edited(`dc/${step.deploymentConfig}: ${name} of ${place.name} is not as the upgrade sets it`),
        ),
    );
  },

  async revert(work, step) {
    const backup = await work.backup();
    if (!backedUp(backup, 'deploymentconfigs', step.deploymentConfig)) return UNCHANGED;
    const before = placesBefore(backup, step);
    const { status } = await edit(work.api, 'deploymentconfigs', step.deploymentConfig, (config) =>
      placesOf(config, step).flatMap((place) =>
        rewrite(
          place,
          step.env.reduce<readonly EnvVar[]>(
            (env, setting) => takeBack(env, setting, before.get(place.name), step.deploymentConfig),
            place.env ?? [],
          ),
        ),
      ),
    );
    if (status === 'absent') throw missing(`dc/${step.deploymentConfig}`);
    return { status };
  },

  touches: ({ deploymentConfig: name }) => [{ resource: 'deploymentconfigs', name }],

  rolls: ({ deploymentConfig }, { metadata }) => metadata.name === deploymentConfig,

  variables: ({ env }) => env.map(({ name }) => name),

  rights: ({ deploymentConfig }) => [
    accessTo('get', 'deploymentconfigs'),
    named(accessTo('patch', 'deploymentconfigs'), deploymentConfig),
  ],
};

function placesOf({ spec }: DeploymentConfig, { containers, preHook }: SetEnvStep): Place[] {
  const places: Place[] = spec.template.spec.containers.flatMap(({ name, env }, index) =>
    containers?.includes(name) === false
      ? []
      : { name, path: pointer('spec', 'template', 'spec', 'containers', index, 'env'), env },
  );
  const params = spec.strategy?.type === 'Recreate' ? 'recreateParams' : 'rollingParams';
  const hook = spec.strategy?.[params]?.pre?.execNewPod;
  if (preHook && hook) {
    const path = pointer('spec', 'strategy', params, 'pre', 'execNewPod', 'env');
    places.push({ name: 'the pre-hook', path, env: hook.env });
  }
  return places;
}

function placesBefore(
  backup: Backup | undefined,
  step: SetEnvStep,
): ReadonlyMap<string, readonly EnvVar[] | undefined> {
  const original = backedUp(backup, 'deploymentconfigs', step.deploymentConfig);
  return new Map(original && placesOf(original, step).map(({ name, env }) => [name, env]));
}

function variableOf(setting: EnvSetting): EnvVar {
  if ('value' in setting) return { name: setting.name, value: setting.value };
  const { name, secret, key } = setting;
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

/** Of several of that name the last one counts. */
const find = (env: readonly EnvVar[] | undefined, name: string): EnvVar | undefined =>
  env?.findLast((variable) => variable.name === name);

function put(
  env: readonly EnvVar[],
  setting: EnvSetting,
  before: readonly EnvVar[] | undefined,
  deploymentConfig: string,
): readonly EnvVar[] {
  const [current, wanted] = [find(env, setting.name), variableOf(setting)];
  if (isDeepStrictEqual(current, wanted)) return env;
  const object = `dc/${deploymentConfig}`;
  refuseEdited(current, find(before, setting.name), { object, what: `variable ${setting.name}` });
  return replaced(env, current, wanted);
}

function replaced(env: readonly EnvVar[], current: EnvVar | undefined, wanted: EnvVar): readonly EnvVar[] {
  if (!current) return [...env, wanted];
  return env.map((variable) => (variable === current ? wanted : variable));
}

function takeBack(
  env: readonly EnvVar[],
  setting: EnvSetting,
  before: readonly EnvVar[] | undefined,
  deploymentConfig: string,
): readonly EnvVar[] {
  const current = find(env, setting.name);
  const original = find(before, setting.name);
  if (isDeepStrictEqual(current, original)) return env;
  if (!isDeepStrictEqual(current, variableOf(setting)))
    throw editedByOthers(`dc/${deploymentConfig}`, `variable ${setting.name}`);
  return original ? replaced(env, current, original) : env.filter((variable) => variable !== current);
}

function rewrite({ path, env }: Place, next: readonly EnvVar[]): Operation[] {
  if (isDeepStrictEqual(env ?? [], next)) return [];
  return next.length === 0 ? [{ op: 'remove', path }] : [{ op: 'add', path, value: next }];
}

/** Of what the cluster holds only the name: the value may be a password. What the path documents may be shown. */
function changeOf(deploymentConfig: string, place: Place, setting: EnvSetting): FieldChange[] {
  const current = find(place.env, setting.name);
  if (isDeepStrictEqual(current, variableOf(setting))) return [];
  const where = place.name === 'the pre-hook' ? 'strategy.pre' : `template.spec.containers[${place.name}]`;
  return [
    {
      object: `dc/${deploymentConfig}`,
      path: `spec.${where}.env[${setting.name}]`,
      ...(current ? { before: REDACTED } : {}),
      after: 'value' in setting ? setting.value : `from secret/${setting.secret}, key ${setting.key}`,
    },
  ];
}
