import { because } from '../../domain/tenant/failure-evidence.ts';
import type { RunInPodStep } from '../../domain/tenant/step-kinds.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { Pod, Secret } from '../../openshift/types.ts';
import { gatherEvidence } from '../evidence/gather.ts';
import { refuseBadValues, textAt } from '../edit/checked-values.ts';
import { annotate, edit } from '../edit/edit.ts';
import { StepError } from '../step-error.ts';
import type { StepModule } from './step-module.ts';
import { NOTHING, problem, UNCHANGED } from './step-module.ts';

/**
 * Runs a command in a ready pod, once: a mark on the Secret that holds its arguments says that it ran. A worker killed
 * between the command's end and the mark runs it again; the path must hold only commands that bear that, as the rake
 * task does, whose second run finds no user to rename.
 */
export const runInPod: StepModule<'run-in-pod'> = {
  async inspect({ api }, step) {
    const secret = await api.get('secrets', step.argumentsFrom);
    if (hasRun(secret, step)) return NOTHING;
    const path = `container ${step.container}`;
    const change = { object: `dc/${step.deploymentConfig}`, path, after: `runs: ${step.command.join(' ')}` };
    return { status: 'todo', changes: [change] };
  },

  async apply({ api, logs }, step) {
    const secret = await api.get('secrets', step.argumentsFrom);
    if (hasRun(secret, step)) return UNCHANGED;
    const command = step.command.map((part) => fill(part, secret, step));
    const pod = await readyPod(api, step.deploymentConfig, logs);
    const { exitCode } = await api.exec(pod.metadata.name, step.container, command);
    if (exitCode !== 0) {
      throw new StepError(
        'CommandFailed',
        `pod/${pod.metadata.name}: the command ended with exit code ${exitCode}`,
        `Look at: oc logs ${pod.metadata.name} -c ${step.container}; then retry, or skip the step and run it by hand.`,
      );
    }
    await edit(api, 'secrets', step.argumentsFrom, ({ metadata }) =>
      annotate(metadata.annotations, markOf(step), 'done'),
    );
    return { status: 'done', note: `ran in pod/${pod.metadata.name}` };
  },

  async verify({ api }, step, moment) {
    if (moment !== 'upgraded' || hasRun(await api.get('secrets', step.argumentsFrom), step)) return [];
    return [problem(`${step.id} has not run`)];
  },

  touches: () => [],

  rights: ({ argumentsFrom }) => [
    accessTo('get', 'secrets'),
    named(accessTo('patch', 'secrets'), argumentsFrom),
    accessTo('list', 'pods'),
    accessTo('get', 'pods', 'exec'),
    accessTo('create', 'pods', 'exec'),
  ],
};

const markOf = (step: RunInPodStep): string => `threescale-upgrade/${step.id}`;
/** As the mark says: it goes with the Secret that carries it. */
export const hasRun = (secret: Secret | undefined, step: RunInPodStep): boolean =>
  secret?.metadata.annotations?.[markOf(step)] === 'done';

/** A missing argument would be written as NULL, and a crafted one read as more than one: both are refused here. */
function fill(part: string, secret: Secret | undefined, { argumentsFrom, checks }: RunInPodStep): string {
  return part.replace(/\{(\w+)\}/g, (_, key: string) => {
    const value = textAt(secret?.data, key);
    if (value !== '') {
      refuseBadValues(argumentsFrom, secret?.data, [key], checks);
      return value;
    }
    throw new StepError(
      'NotFound',
      `secret/${argumentsFrom} has no ${key}`,
      `Set the key ${key} of secret/${argumentsFrom}, then retry.`,
    );
  });
}

async function readyPod(api: TenantApi, deploymentConfig: string, logs = true): Promise<Pod> {
  const pods = await api.list('pods', `deploymentconfig=${deploymentConfig}`);
  const ready = pods.find(
    ({ metadata, status }) =>
      !metadata.deletionTimestamp &&
      status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True'),
  );
  if (ready) return ready;
  const evidence = await gatherEvidence(api, { deploymentConfig }, { withLogs: logs });
  throw new StepError(
    'RolloutFailed',
    `dc/${deploymentConfig} has no ready pod to run a command in${because(evidence)}`,
    `Look at: oc get pods -l deploymentconfig=${deploymentConfig}; then retry.`,
    { evidence },
  );
}
