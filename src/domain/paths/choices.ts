import type { ContainersOf, RollOutStep, Step } from '../tenant/step-kinds.ts';
import { stepsOf } from '../tenant/step.ts';

/** What an operator may decide of a component whose image does not come from the tag that the upgrade moves. */
export const COMPONENT_CHOICES = ['follow', 'leave'] as const;
/** `follow`: its image trigger is led to that tag; `leave`: it goes on running what it runs, knowingly. */
export type ComponentChoice = (typeof COMPONENT_CHOICES)[number];

/** What an operator has decided of an installation that is not as the vendor's template has it. */
export interface PathChoices {
  /** By the name of the DeploymentConfig. */
  readonly components?: Readonly<Record<string, ComponentChoice>>;
  /** The owner's own DeploymentConfigs that follow the same streams, each with the one beside which it rolls. */
  readonly takeAlong?: Readonly<Record<string, string>>;
  /** Image streams whose `latest` may be replaced whatever image it has. */
  readonly replaceLatest?: readonly string[];
}

/** As a file says them. */
export interface WrittenChoices {
  readonly components?: Readonly<Record<string, ComponentChoice | undefined>> | undefined;
  readonly takeAlong?: Readonly<Record<string, string>> | undefined;
  readonly replaceLatest?: readonly string[] | undefined;
}

/** Only what is chosen, and in an order of its own: what says the same is the same path. */
export function choicesOf({
  components = {},
  takeAlong = {},
  replaceLatest = [],
}: WrittenChoices): PathChoices {
  const chosen = Object.entries(components).flatMap(([name, choice]) =>
    choice === undefined ? [] : [[name, choice] as const],
  );
  const along = Object.entries(takeAlong);
  return {
    ...(chosen.length > 0 ? { components: sorted(chosen) } : {}),
    ...(along.length > 0 ? { takeAlong: sorted(along) } : {}),
    ...(replaceLatest.length > 0 ? { replaceLatest: [...new Set(replaceLatest)].sort() } : {}),
  };
}

const sorted = <T>(entries: readonly (readonly [string, T])[]): Readonly<Record<string, T>> =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));

/** The same containers, without those whose owner leaves them as they are: that is written on them. */
export function withLeft(runs: readonly ContainersOf[], { components = {} }: PathChoices): ContainersOf[] {
  return runs.map((one) => (components[one.deploymentConfig] === 'leave' ? { ...one, left: true } : one));
}

/** A step for each component that is to follow `latest` of its stream. `runs`: what has to run the image of each stream. */
export function followSteps(
  runs: Readonly<Record<string, readonly ContainersOf[]>>,
  { components = {} }: PathChoices,
): Step[] {
  return Object.entries(runs).flatMap(([imageStream, all]) =>
    all
      .filter(({ deploymentConfig }) => components[deploymentConfig] === 'follow')
      .map(({ deploymentConfig, containers }): Step => ({
        kind: 'follow-image-stream',
        id: `follow-${deploymentConfig}`,
        title: `Let dc/${deploymentConfig} follow ${imageStream}:latest, as chosen`,
        phase: 'stage',
        guide: 'tool',
        optional: true,
        deploymentConfig,
        imageStream,
        containers,
      })),
  );
}

/** What is taken along rolls when the one beside which it is named does, and what waits for that one waits for it too. */
export function withTakenAlong(
  rollOuts: readonly RollOutStep[],
  { takeAlong = {} }: PathChoices,
): RollOutStep[] {
  const beside = Map.groupBy(Object.entries(takeAlong), ([, like]) => `roll-out-${like}`);
  return rollOuts.flatMap((step): RollOutStep[] => {
    const along = (beside.get(step.id) ?? []).map(([name]) => name);
    const after = step.after.flatMap((id) => [
      id,
      ...(beside.get(id) ?? []).map(([name]) => `roll-out-${name}`),
    ]);
    return [{ ...step, after }, ...along.map((name) => takenAlong(name, after))];
  });
}

function takenAlong(deploymentConfig: string, after: readonly string[]): RollOutStep {
  return {
    kind: 'roll-out',
    id: `roll-out-${deploymentConfig}`,
    title: `Roll out dc/${deploymentConfig}, which is taken along`,
    phase: 'switch',
    guide: 'tool',
    optional: true,
    takenAlong: true,
    deploymentConfig,
    after,
  };
}

/** What goes on running its old image, as its owner has chosen. */
export function leftAsTheyRun(steps: readonly Step[]): string[] {
  return stepsOf(steps, 'tag-image-stream').flatMap(({ runs = [] }) =>
    runs.flatMap(({ deploymentConfig, left }) => (left ? [deploymentConfig] : [])),
  );
}

/** What is taken along, each with one beside which it rolls: one that waits for the same. */
export function takenAlongIn(steps: readonly Step[]): (readonly [string, string])[] {
  const rollOuts = stepsOf(steps, 'roll-out');
  return rollOuts.flatMap(({ takenAlong, deploymentConfig, after }) => {
    const beside = rollOuts.find(
      (other) => !other.takenAlong && !other.pointOfNoReturn && other.after.join() === after.join(),
    );
    return takenAlong && beside ? [[deploymentConfig, beside.deploymentConfig] as const] : [];
  });
}
