import { because } from '../../domain/tenant/failure-evidence.ts';
import { differing } from '../../domain/tenant/differing-fields.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import { pause } from '../../openshift/pause.ts';
import { Snapshot } from '../../openshift/snapshot.ts';
import type { TenantApi, TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import type { Backup } from '../backup/backup.ts';
import { deletedConfigs } from '../backup/touched.ts';
import { gatherEvidence } from '../evidence/gather.ts';
import { LAGS_AT_MOST_MS } from '../edit/look-twice.ts';
import { StepError } from '../step-error.ts';
import type { Done, Look, Moment, Problem, View } from '../steps/step-module.ts';
import { isModuleStep, UNCHANGED } from '../steps/step-module.ts';
import { moduleOf } from '../steps/index.ts';

/** Controllers need a moment to carry a change on. */
const SETTLES_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 500;

export const VERIFIED: Done = { ...UNCHANGED, note: 'all is as it should be' };

/**
 * Asks every step whether all is as it should be, and returns the view in which it was; waits for the cluster to
 * settle, then throws `NotVerified`. Before the upgrade has ended, what somebody has edited is `EditedByOthers`,
 * as soon as it cannot be a look that was late. `seen`: what the first look is at, where the caller has looked already.
 */
export async function verifySteps(
  { api, logs, ...rest }: Look,
  steps: readonly Step[],
  moment: Moment,
  seen?: TenantReader,
): Promise<View> {
  const startedAt = performance.now();
  let editedSince: number | undefined;
  for (let first = seen; ; first = undefined) {
    const beganAt = performance.now();
    const view: View = { ...rest, api: first ?? new Snapshot(api) };
    const problems = (
      await Promise.all(steps.filter(isModuleStep).map((step) => moduleOf(step).verify(view, step, moment)))
    ).flat();
    if (problems.length === 0) return view;
    const edited = moment === 'upgraded' ? [] : problems.filter((problem) => problem.edited);
    if (edited.length === 0) editedSince = undefined;
    // A look takes as long as the cluster likes: the one that counts has begun so long after the first.
    else if (beganAt - (editedSince ??= performance.now()) > LAGS_AT_MOST_MS) {
      throw new StepError(
        'EditedByOthers',
        `${messagesOf(edited)}: changed by somebody else since it was staged`,
        'Agree with who changed it; then revert, or put it as it should be and retry.',
      ).settled();
    }
    if (performance.now() - startedAt > SETTLES_WITHIN_MS) {
      throw await notVerified(api, problems, logs);
    }
    await pause(LOOK_AGAIN_MS, api.signal);
  }
}

/** Of the first rollout among them also what its pods show. */
async function notVerified(
  api: TenantApi,
  problems: readonly Problem[],
  withLogs = true,
): Promise<StepError> {
  const subject = problems.find(({ rollout }) => rollout)?.rollout;
  const evidence = subject && (await gatherEvidence(api, subject, { withLogs }));
  return new StepError(
    'NotVerified',
    `${messagesOf(problems)}${evidence ? because(evidence) : ''}`,
    'Put right what is named, then retry; or skip the verification.',
    evidence ? { evidence } : {},
  ).settled();
}

const messagesOf = (problems: readonly { readonly message: string }[]): string =>
  problems.map(({ message }) => message).join('; ');

/** Fields that an upgrade leaves alone and that are not as they were: somebody else's, named in the report. */
export async function changedByOthers(
  { api }: View,
  steps: readonly Step[],
  backup: Backup,
): Promise<string[]> {
  const configs = await api.list('deploymentconfigs');
  const deleted = deletedConfigs(steps);
  return backup.deploymentconfigs.flatMap((before) => {
    const { name } = before.metadata;
    const after = configs.find(({ metadata }) => metadata.name === name);
    if (deleted.includes(name)) return [];
    if (!after) return [`dc/${name} is gone`];
    return fieldsThatDiffer(
      untouched(before, steps, api.namespace),
      untouched(after, steps, api.namespace),
    ).map((field) => `dc/${name} ${field}`);
  });
}

/** The parts of a DeploymentConfig that no step of the path speaks of, each under its name. */
function untouched(config: DeploymentConfig, steps: readonly Step[], own: string): Record<string, unknown> {
  const { metadata, spec } = config;
  const onIt = steps.filter(isModuleStep).filter((step) =>
    moduleOf(step)
      .touches(step)
      .some(({ resource, name }) => resource === 'deploymentconfigs' && name === metadata.name),
  );
  const env = onIt.flatMap((step) => moduleOf(step).variables?.(step) ?? []);
  const ownTriggers = onIt
    .map((step) => moduleOf(step).triggersAfter?.(step, config, own))
    .find((after) => after !== undefined);
  const { template, triggers, strategy, paused: _paused, ...rest } = spec;
  const containers = [...template.spec.containers, ...(template.spec.initContainers ?? [])];
  const { containers: _containers, initContainers: _init, ...pod } = template.spec;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [`spec.${key}`, value])),
    'spec.template.spec': pod,
    'spec.strategy': JSON.parse(
      JSON.stringify(strategy ?? {}, (_, value: unknown) => (isEnvOf(value, env) ? undefined : value)),
    ) as unknown,
    ...Object.fromEntries(
      containers.map(({ image: _image, env: variables = [], ...container }) => [
        `spec.template.spec.containers[${container.name}]`,
        { ...container, env: variables.filter(({ name }) => !env.includes(name)) },
      ]),
    ),
    'spec.triggers':
      ownTriggers ??
      (triggers ?? []).map(({ type, imageChangeParams }) => ({
        type,
        from: imageChangeParams?.from,
        containerNames: imageChangeParams?.containerNames,
      })),
  };
}

function isEnvOf(value: unknown, names: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    'name' in value &&
    typeof value.name === 'string' &&
    names.includes(value.name)
  );
}

/** Each by its path, to the field itself: what it holds may be a password. */
function fieldsThatDiffer(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
    differing(plain(before[key]), plain(after[key]), key).map(({ path }) => path),
  );
}

/** Free of fields that are there and undefined. */
const plain = (value: unknown): unknown =>
  value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
