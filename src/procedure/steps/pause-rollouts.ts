import { isDeepStrictEqual } from 'node:util';
import type { Operation } from 'fast-json-patch';
import type { PauseRolloutsStep } from '../../domain/tenant/step-kinds.ts';
import { pause } from '../../openshift/pause.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { annotate, edit } from '../edit/edit.ts';
import { missing, pausedByOthers, StepError } from '../step-error.ts';
import type { Done, Problem, StepModule, View, Work } from './step-module.ts';
import { carriesOurPause, isPausedByUs, PAUSED_BY, REMOVE_PAUSE_MARK } from '../claim/marks.ts';
import { DONE, edited, problem, UNCHANGED } from './step-module.ts';
import { backedUp } from '../backup/backup.ts';
import { claimOf, setClaim } from '../claim/claim.ts';
import { rolloutOf, waitForRollout } from '../rollout.ts';

const IMAGES_BACK_WITHIN_MS = 60_000;
const LOOK_AGAIN_MS = 500;

/** Pauses it, with our mark. Nothing to do where we had done so. */
export function pauseOperations(config: DeploymentConfig, mark: string): Operation[] {
  if (isPausedByUs(config, mark)) return [];
  if (config.spec.paused) throw pausedByOthers(config.metadata.name);
  return [
    { op: 'add', path: '/spec/paused', value: true },
    ...annotate(config.metadata.annotations, PAUSED_BY, mark),
  ];
}

/** Un-pauses what we had paused, and takes the mark off. */
function resumeOperations(config: DeploymentConfig, mark: string): Operation[] {
  // Somebody else may have un-paused it: the mark goes all the same.
  if (!config.spec.paused) return carriesOurPause(config, mark) ? [REMOVE_PAUSE_MARK] : [];
  if (!isPausedByUs(config, mark)) throw pausedByOthers(config.metadata.name);
  return [{ op: 'remove', path: '/spec/paused' }, REMOVE_PAUSE_MARK];
}

export const pauseRollouts: StepModule<'pause-rollouts'> = {
  async inspect({ api, mark }, { deploymentConfigs }) {
    const changes = [];
    for (const { name } of deploymentConfigs) {
      const config = await api.get('deploymentconfigs', name);
      if (!config || isPausedByUs(config, mark)) continue;
      changes.push({
        object: `dc/${name}`,
        path: 'spec.paused',
        after: 'true (while the upgrade is staged)',
      });
    }
    return { status: changes.length > 0 ? 'todo' : 'done', changes };
  },

  async apply({ api, mark, findCrossing }, { deploymentConfigs }) {
    const configs = await api.list('deploymentconfigs');
    // History may have forgotten it: what has rolled already is not paused once more.
    const phase = configs.map((config) => claimOf(config)?.phase).find((known) => known !== undefined);
    if (phase === 'switching')
      return { ...UNCHANGED, note: 'the switch has begun already: nothing is paused' };
    if (findCrossing && phase !== 'forward') {
      const { why, isOurs } = await findCrossing();
      if (why !== undefined && isOurs)
        return { ...UNCHANGED, note: 'the point of no return is crossed: nothing is paused', crossed: why };
    }
    let changed = 0;
    for (const { name, optional } of deploymentConfigs) {
      const seen = configs.find(({ metadata }) => metadata.name === name) ?? name;
      const { status } = await edit(api, 'deploymentconfigs', seen, (config) =>
        pauseOperations(config, mark),
      );
      if (status === 'absent' && !optional) throw missing(`dc/${name}`);
      if (status === 'done') changed += 1;
    }
    return changed > 0 ? { status: 'done', note: `${changed} DeploymentConfigs paused` } : UNCHANGED;
  },

  async verify({ api, mark, rolled }: View, { deploymentConfigs }, moment) {
    const found: Problem[] = [];
    for (const { name, optional } of deploymentConfigs) {
      const config = await api.get('deploymentconfigs', name);
      const isToBePaused =
        moment === 'staged' || (moment === 'switching' && rolled !== undefined && !rolled.includes(name));
      if (!config) {
        if (isToBePaused && !optional) found.push(edited(`dc/${name} is not there`));
        continue;
      }
      if (isToBePaused && !isPausedByUs(config, mark)) found.push(edited(notPaused(config)));
      if (moment === 'upgraded' && isPausedByUs(config, mark))
        found.push(problem(`dc/${name} is still paused`));
    }
    return found;
  },

  tellsOfVersion: 'never',

  touches: ({ deploymentConfigs }) =>
    deploymentConfigs.map(({ name }) => ({ resource: 'deploymentconfigs', name }) as const),

  rights({ deploymentConfigs }) {
    const names = deploymentConfigs.map(({ name }) => name);
    return [
      ...(['get', 'list', 'watch'] as const).map((verb) => accessTo(verb, 'deploymentconfigs')),
      named(accessTo('patch', 'deploymentconfigs'), ...names),
      // On the way back too, a rollout that had failed is started once more.
      named(accessTo('create', 'deploymentconfigs', 'instantiate'), ...names),
      accessTo('get', 'replicationcontrollers'),
    ];
  },
};

function notPaused({ metadata: { name }, spec }: DeploymentConfig): string {
  return spec.paused
    ? `dc/${name} is paused, but without the mark of this upgrade: somebody has taken it off`
    : `dc/${name} is not paused any more: somebody has resumed it`;
}

/** The compensation, for one DeploymentConfig: un-pauses it, and waits until what the backup has runs. */
export async function resumeRollouts(work: Work, _step: PauseRolloutsStep, name: string): Promise<Done> {
  const before = backedUp(await work.backup(), 'deploymentconfigs', name);
  if (before) await untilImagesAreBack(work, before);
  const resumed = await resume(work, name);
  if (resumed.status !== 'absent') return resumed.status === 'done' ? DONE : UNCHANGED;
  if (before) throw missing(`dc/${name}`);
  return UNCHANGED;
}

/**
 * Image triggers write the old images back a moment after the tag has moved. With the new ones nothing is un-paused on the
 * way back: it would roll them, and system-app would migrate the database.
 */
async function untilImagesAreBack({ api, mark }: Work, before: DeploymentConfig): Promise<void> {
  const { name } = before.metadata;
  const followed = (before.spec.triggers ?? []).flatMap(
    ({ imageChangeParams }) => imageChangeParams?.containerNames ?? [],
  );
  const deadline = performance.now() + IMAGES_BACK_WITHIN_MS;
  for (;;) {
    const config = await api.get('deploymentconfigs', name);
    if (!config || !isPausedByUs(config, mark)) return;
    const had = imagesOf(before, followed);
    if (imagesOf(config, followed).every((image) => had.includes(image))) return;
    if (performance.now() > deadline) {
      throw new StepError(
        'NotVerified',
        `dc/${name} does not have the images that the backup has: resumed, it would roll others`,
        `Look at its images and at what its triggers follow: oc describe dc/${name}; put them right, then retry; skip-step leaves it paused.`,
      ).settled();
    }
    await pause(LOOK_AGAIN_MS, api.signal);
  }
}

/** Of the containers whose images triggers write: what somebody has set in another one may be theirs to keep. */
const imagesOf = ({ spec: { template } }: DeploymentConfig, followed: readonly string[]): string[] =>
  [...template.spec.containers, ...(template.spec.initContainers ?? [])]
    .filter(({ name }) => followed.includes(name))
    .map(({ name, image }) => `${name} ${image ?? ''}`);

/**
 * Un-pauses a DeploymentConfig (named, or as it was just read) where we had paused it, and waits until what it holds
 * runs. What had failed before is rolled out once more: un-pausing it starts nothing. With `crosses` the same patch says
 * in the cluster that the point of no return is crossed, and is not sent once it is too late for that.
 */
export async function resume(
  {
    api,
    mark,
    rolls,
    crossingApi = api,
    logs,
    rollouts,
  }: Pick<Work, 'api' | 'mark' | 'rolls' | 'crossingApi' | 'logs' | 'rollouts'>,
  which: string | DeploymentConfig,
  { crosses = false }: { readonly crosses?: boolean } = {},
): Promise<{ status: 'done' | 'unchanged'; version: number } | { status: 'absent' }> {
  const resumed = await edit(crosses ? crossingApi : api, 'deploymentconfigs', which, (config) => {
    if (typeof which !== 'string' && !isDeepStrictEqual(config.spec, which.spec))
      throw editedMeanwhile(config);
    return [...resumeOperations(config, mark), ...(crosses ? markCrossing(config) : [])];
  });
  if (resumed.status === 'absent') return resumed;
  const { status, object } = resumed;
  const retryUpTo = status === 'done' ? object.status?.latestVersion : await failedVersion(api, object);
  return { status, version: await waitForRollout(api, object, { retryUpTo, rolls, logs, rollouts }) };
}

/** What rolls is what was looked at: the whole look is repeated. */
const editedMeanwhile = ({ metadata: { name } }: DeploymentConfig): StepError =>
  new StepError(
    'Conflict',
    `dc/${name} was edited right before it was to be resumed`,
    'See who edits it all the time; then retry.',
  );

function markCrossing(config: DeploymentConfig): Operation[] {
  const claim = claimOf(config);
  return claim && claim.phase !== 'crossed' ? setClaim(config, { ...claim, phase: 'crossed' }) : [];
}

async function failedVersion(api: TenantApi, config: DeploymentConfig): Promise<number | undefined> {
  const rollout = await rolloutOf(api, config);
  return rollout.status === 'failed' ? rollout.version : undefined;
}
