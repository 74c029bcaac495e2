import type { Finding } from '../../domain/tenant/finding.ts';
import type { StepInspection } from '../../domain/tenant/plan.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { DeploymentConfig, Hook } from '../../openshift/types.ts';
import { stepsOf } from '../../domain/tenant/step.ts';

/**
 * The new version finds its database migrated only where the rollout at the point of no return runs a hook that does it, in a
 * container of the vendor's: without one everything would run, and on the old database. Where that rollout is over already,
 * there is nothing to see.
 */
export function migrationFindings(
  steps: readonly Step[],
  configs: readonly DeploymentConfig[],
  inspections: ReadonlyMap<string, StepInspection>,
): Finding[] {
  return stepsOf(steps, 'roll-out').flatMap((step): Finding[] => {
    if (!step.pointOfNoReturn) return [];
    const config = configs.find(({ metadata }) => metadata.name === step.deploymentConfig);
    if (!config || inspections.get(step.id)?.status === 'done') return [];
    const found = obstacle(config, containersOf(step.deploymentConfig, steps));
    if (!found) return [];
    const object = `dc/${step.deploymentConfig}`;
    return [{ check: 'database-migrated', severity: 'fatal', object, ...found }];
  });
}

const containersOf = (name: string, steps: readonly Step[]): string[] =>
  stepsOf(steps, 'tag-image-stream')
    .flatMap(({ runs = [] }) => runs)
    .filter(({ deploymentConfig }) => deploymentConfig === name)
    .flatMap(({ containers }) => containers);

function obstacle(
  { metadata: { name }, spec: { strategy } }: DeploymentConfig,
  vendors: readonly string[],
): Pick<Finding, 'message' | 'hint'> | undefined {
  const { type = 'Rolling', rollingParams, recreateParams } = strategy ?? {};
  const object = `dc/${name}`;
  const unmigrated =
    'so that nothing would migrate the database, and the new version would run on that of the old one';
  const field = type === 'Recreate' ? 'recreateParams' : 'rollingParams';
  const hooks = type === 'Recreate' ? [recreateParams?.pre, recreateParams?.mid] : [rollingParams?.pre];
  const there = hooks.filter((hook): hook is Hook => hook?.execNewPod !== undefined);
  if (type === 'Custom' || there.length === 0) {
    const other =
      type === 'Recreate' && rollingParams?.pre ? `; what rollingParams has is not run by it` : '';
    return {
      message: `${object}: its strategy ${type} runs no hook before the new pods${other}, ${unmigrated}`,
      hint: `Give it the vendor's hook, openshift:deploy, at spec.strategy.${field}.pre: oc edit ${object}`,
    };
  }
  const ours = there.filter(({ execNewPod }) => vendors.includes(execNewPod?.containerName ?? ''));
  const [first] = there;
  if (ours.length === 0)
    return {
      message: `${object}: its hook before the new pods runs in container ${first?.execNewPod?.containerName ?? ''}, which is none of 3scale's own, ${unmigrated}`,
      hint: `Let it run in the container that the vendor's template names, system-master: oc edit ${object}`,
    };
  const place = ours[0] === hooks[0] ? 'pre' : 'mid';
  if (ours.some(({ failurePolicy }) => failurePolicy !== 'Ignore')) return undefined;
  return {
    message: `${object}: the failurePolicy of its ${place}-hook, which migrates the database, is Ignore: a migration that fails would go unnoticed`,
    hint: `Let its failure count: oc patch ${object} --type=json -p '[{"op":"replace","path":"/spec/strategy/${field}/${place}/failurePolicy","value":"Retry"}]'`,
  };
}
