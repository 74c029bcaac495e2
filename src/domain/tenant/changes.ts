import type { StepBase } from './step-base.ts';
import type { EnvSetting, SetEnvStep, Step } from './step-kinds.ts';
import type { ResolvedPath } from './step.ts';

/** What a step changes of one object, as a report says it; never a value read from a cluster. */
export interface Change {
  /** `dc/system-app`; where several are meant, in words. */
  readonly object: string;
  readonly what: string;
}

/** What a step changes, where it finds something to do; empty for one that only looks. */
export function changesOf(step: Step): readonly Change[] {
  switch (step.kind) {
    case 'pause-rollouts':
      return one('DeploymentConfigs', 'rollouts paused, each until it is rolled out');
    case 'create-route':
      return one(
        `route/${step.route}`,
        `created for service/${step.service}, with all of the old one but its host`,
      );
    case 'tag-image-stream':
      return one(
        `imagestream/${step.imageStream}`,
        `tag ${step.tag} from ${step.image}; latest leads to ${step.tag}`,
      );
    case 'follow-image-stream':
      return one(`dc/${step.deploymentConfig}`, `image trigger led to ${step.imageStream}:latest`);
    case 'set-image':
      return one(`dc/${step.deploymentConfig}`, `image of container ${step.container}: ${step.image}`);
    case 'set-env':
      return one(`dc/${step.deploymentConfig}`, variablesOf(step));
    case 'create-secret':
      return one(`secret/${step.secret}`, `created from secret/${step.fromSecret}`);
    case 'roll-out':
      return one(
        `dc/${step.deploymentConfig}`,
        step.pointOfNoReturn ? 'rolled out: migrates the database' : 'rolled out',
      );
    case 'delete-deployment-config':
      return one(`dc/${step.deploymentConfig}`, 'deleted, with its replication controllers and pods');
    case 'delete-route':
      return one(step.routes.map((name) => `route/${name}`).join(' or '), 'deleted');
    case 'run-in-pod':
      return one(
        `dc/${step.deploymentConfig}`,
        `in container ${step.container}: ${step.command.join(' ')} (arguments from secret/${step.argumentsFrom})`,
      );
    case 'verify-staged':
    case 'verify-upgraded':
      return [];
    default:
      // Of a kind that has no words here, its title names what it changes.
      return [changeNamedBy((step as StepBase).title)];
  }
}

const one = (object: string, what: string): readonly Change[] => [{ object, what }];

function variablesOf({ env, containers, preHook }: SetEnvStep): string {
  const where = containers === undefined ? 'every container' : `containers ${containers.join(', ')}`;
  return `${env.map(settingOf).join(', ')} on ${where}${preHook ? ' and the pre-hook' : ''}`;
}

const settingOf = (setting: EnvSetting): string =>
  'value' in setting
    ? `${setting.name}=${setting.value}`
    : `${setting.name} from secret/${setting.secret}, ${setting.key}`;

/** What a step changes of which only the title is known: it names its object. */
export function changeNamedBy(title: string): Change {
  const [, kind, name] = OBJECT.exec(title) ?? [];
  return { object: kind !== undefined && name !== undefined ? `${kind}/${name}` : '', what: title };
}

const OBJECT = /\b(dc|imagestream|secret|route)[/ ]([a-z0-9][a-z0-9.-]*-[a-z0-9.-]*[a-z0-9]|zync)\b/;

/** The steps of a path by their ids, of those of this hash; none where it is not among them. */
export function stepsOfHash(paths: readonly ResolvedPath[], hash: string): ReadonlyMap<string, Step> {
  const path = paths.find((candidate) => candidate.hash === hash);
  return new Map((path?.steps ?? []).map((step) => [step.id, step]));
}
