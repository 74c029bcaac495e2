import { isDeepStrictEqual } from 'node:util';
import type { ResolvedPath, Step } from '../src/domain/step.ts';
import { pause } from '../src/openshift/pause.ts';
import { Snapshot } from '../src/openshift/snapshot.ts';
import type { DeploymentConfig, ImageStream } from '../src/openshift/types.ts';
import type { Backup } from './backup.ts';
import { StepError } from './step-error.ts';
import type { Done, Moment, View } from './step-module.ts';
import { isModuleStep, UNCHANGED } from './step-module.ts';
import { moduleOf } from './steps/index.ts';
import { PAUSED_BY } from './paused-by.ts';

/** Controllers need a moment to carry a change on. */
const SETTLES_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 500;

export const VERIFIED: Done = { ...UNCHANGED, note: 'all is as it should be' };

/**
 * Asks every step whether all is as it should be, and returns the view in which it was; waits for the cluster to
 * settle, then throws `NotVerified`.
 */
export async function verifySteps(
  { api, ...rest }: View,
  steps: readonly Step[],
  moment: Moment,
): Promise<View> {
  const deadline = performance.now() + SETTLES_WITHIN_MS;
  for (;;) {
    const view: View = { ...rest, api: new Snapshot(api) };
    const problems = (
      await Promise.all(steps.filter(isModuleStep).map((step) => moduleOf(step).verify(view, step, moment)))
    ).flat();
    if (problems.length === 0) return view;
    if (performance.now() > deadline) {
      throw new StepError(
        'NotVerified',
        problems.join('; '),
        'Put right what is named, then retry; or skip the verification.',
      );
    }
    await pause(LOOK_AGAIN_MS, api.signal);
  }
}

/** Fields that an upgrade leaves alone and that are not as they were: somebody else's, named in the report. */
export async function changedByOthers(
  { api }: View,
  steps: readonly Step[],
  backup: Backup,
): Promise<string[]> {
  const configs = await api.list('deploymentconfigs');
  const deleted = steps.flatMap((step) =>
    step.kind === 'delete-deployment-config' ? step.deploymentConfig : [],
  );
  return backup.deploymentconfigs.flatMap((before) => {
    const { name } = before.metadata;
    const after = configs.find(({ metadata }) => metadata.name === name);
    if (deleted.includes(name)) return [];
    if (!after) return [`dc/${name} is gone`];
    return fieldsThatDiffer(untouched(before, steps), untouched(after, steps)).map(
      (field) => `dc/${name} ${field}`,
    );
  });
}

/** The parts of a DeploymentConfig that no step of the path speaks of, each under its name. */
function untouched({ metadata, spec }: DeploymentConfig, steps: readonly Step[]): Record<string, unknown> {
  const env = steps.flatMap((step) =>
    step.kind === 'set-env' && step.deploymentConfig === metadata.name
      ? step.env.map(({ name }) => name)
      : [],
  );
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
    'spec.triggers': (triggers ?? []).map(({ type, imageChangeParams }) => ({
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

function fieldsThatDiffer(before: Record<string, unknown>, after: Record<string, unknown>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter(
    (key) => !isDeepStrictEqual(before[key], after[key]),
  );
}

/** After a full revert: what is not as the backup has it, an object and field each. */
export async function differencesToBackup(
  { api, mark }: View,
  path: ResolvedPath,
  backup: Backup,
): Promise<string[]> {
  const [configs, streams, routes] = await Promise.all([
    api.list('deploymentconfigs'),
    api.list('imagestreams'),
    api.list('routes'),
  ]);
  const named = <T extends { metadata: { name: string } }>(list: readonly T[], names: ReadonlySet<string>) =>
    new Map(list.filter(({ metadata }) => names.has(metadata.name)).map((o) => [o.metadata.name, o]));
  const touched = touchedBy(path);
  const compare = <T extends { metadata: { name: string } }>(
    short: string,
    names: ReadonlySet<string>,
    before: readonly T[],
    after: readonly T[],
    essence: (object: T) => unknown,
  ): string[] => {
    const [left, right] = [named(before, names), named(after, names)];
    return [...names].flatMap((name) => {
      const [was, is] = [left.get(name), right.get(name)];
      if (!was && !is) return [];
      if (!was) return [`${short}/${name} is there, and was not`];
      if (!is) return [`${short}/${name} is gone`];
      return isDeepStrictEqual(plain(essence(was)), plain(essence(is))) ? [] : [`${short}/${name} spec`];
    });
  };
  return [
    ...compare('dc', touched.configs, backup.deploymentconfigs, configs, ({ metadata, spec }) => ({
      ...spec,
      mine: metadata.annotations?.[PAUSED_BY] === mark,
    })),
    ...compare('imagestream', touched.streams, backup.imagestreams, streams, tagsOf),
    ...compare('route', touched.routes, backup.routes, routes, ({ spec }) => spec),
  ];
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

/** The server counts a tag's generations up, whatever becomes of the tag. */
const tagsOf = ({ spec }: ImageStream): unknown =>
  (spec.tags ?? []).map(({ generation: _generation, ...tag }) => tag);

function touchedBy({ steps }: ResolvedPath) {
  const configs = new Set<string>();
  const streams = new Set<string>();
  const routes = new Set<string>();
  for (const step of steps) {
    if (step.kind === 'pause-rollouts') for (const { name } of step.deploymentConfigs) configs.add(name);
    if ('deploymentConfig' in step) configs.add(step.deploymentConfig);
    if (step.kind === 'tag-image-stream') streams.add(step.imageStream);
    if (step.kind === 'create-route') routes.add(step.route);
    if (step.kind === 'delete-route') for (const name of step.routes) routes.add(name);
  }
  return { configs, streams, routes };
}
