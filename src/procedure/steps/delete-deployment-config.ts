import { isOpenShiftError } from '../../openshift/api-error.ts';
import { pause } from '../../openshift/pause.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { TenantApi, TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig } from '../../openshift/types.ts';
import { backedUp } from '../backup/backup.ts';
import type { EditOfDeleted } from '../edit/edit-of-deleted.ts';
import { editOfDeleted, problemOf, refuseEdit } from '../edit/edit-of-deleted.ts';
import { asSeen, lookAgainOnConflict } from '../edit/look-again.ts';
import { ownersSpec } from '../backup/owners-spec.ts';
import { missing, pausedByOthers, StepError } from '../step-error.ts';
import type { StepModule, Work } from './step-module.ts';
import { absent, DONE, problem, UNCHANGED } from './step-module.ts';
import { isPausedByUs, PAUSED_BY } from '../claim/marks.ts';

const GONE_WITHIN_MS = 300_000;

/**
 * Deletes it with the default (Background) propagation: replication controllers and pods follow. What an earlier
 * deletion orphaned goes too, and the step is over only when nothing is left.
 */
export const deleteDeploymentConfig: StepModule<'delete-deployment-config'> = {
  async inspect({ api }, { deploymentConfig: name }) {
    const config = await api.get('deploymentconfigs', name);
    if (!config && (await remains(api, name)).length === 0) return absent(`dc/${name}`);
    const after = 'deleted, with its replication controllers and pods';
    return { status: 'todo', changes: [{ object: `dc/${name}`, path: '', before: 'there', after }] };
  },

  async apply(work, { deploymentConfig: name, optional }) {
    if (await lookAgainOnConflict(work.api.signal, () => wasGone(work, name))) {
      const known = (await work.backup())?.deploymentconfigs.some(({ metadata }) => metadata.name === name);
      if (!known && !optional) throw missing(`dc/${name}`);
      return known ? UNCHANGED : { status: 'absent' };
    }
    await untilGone(work.api, name);
    return DONE;
  },

  /** Before it is deleted: it is as the backup has it, or somebody has deleted it. */
  async verify({ api, backup: readBackup }, { deploymentConfig: name }, moment) {
    const config = await api.get('deploymentconfigs', name);
    if (moment !== 'upgraded') {
      const backup = await readBackup?.();
      if (!config || !backup) return [];
      const edit = editOf(config, backedUp(backup, 'deploymentconfigs', name));
      return edit ? [problemOf(edit)] : [];
    }
    const left = [...(config ? [`dc/${name} is still there`] : []), ...(await remains(api, name))];
    return left.map(problem);
  },

  /** Created again as it was, but paused: it rolls when the rollouts are resumed, and with them. */
  async revert(work, { deploymentConfig: name }) {
    const original = backedUp(await work.backup(), 'deploymentconfigs', name);
    if (!original) return UNCHANGED;
    const current = await work.api.get('deploymentconfigs', name);
    if (current && !current.metadata.deletionTimestamp) return UNCHANGED;
    await untilGone(work.api, name);
    await create(work.api, original, work.mark);
    return { status: 'done', note: 'created again, paused' };
  },

  touches: ({ deploymentConfig: name }) => [{ resource: 'deploymentconfigs', name, deleted: true }],

  revertIsUnguarded: true,

  rights: ({ deploymentConfig: name }) => [
    ...(['get', 'create'] as const).map((verb) => accessTo(verb, 'deploymentconfigs')),
    named(accessTo('delete', 'deploymentconfigs'), name),
    ...(['get', 'list', 'delete'] as const).map((verb) => accessTo(verb, 'replicationcontrollers')),
    accessTo('list', 'pods'),
  ],
};

/** Deletes it, as it was seen; true where there was nothing to delete, nor anything left of it. */
async function wasGone({ api, mark, backup }: Work, name: string): Promise<boolean> {
  const config = await api.get('deploymentconfigs', name);
  if (!config) return (await remains(api, name)).length === 0;
  if (config.spec.paused && !isPausedByUs(config, mark)) throw pausedByOthers(name);
  refuseEdit(editOf(config, backedUp(await backup(), 'deploymentconfigs', name)));
  if (!config.metadata.deletionTimestamp)
    await api.delete('deploymentconfigs', name, { ...asSeen(config), propagationPolicy: 'Background' });
  return false;
}

const editOf = (config: DeploymentConfig, before: DeploymentConfig | undefined): EditOfDeleted | undefined =>
  editOfDeleted(`dc/${config.metadata.name}`, before && written(before), written(config));

/** What its owner has written, without our own pause. */
function written(config: DeploymentConfig): unknown {
  const { labels = {}, annotations = {} } = config.metadata;
  const { [PAUSED_BY]: _pause, ...others } = annotations;
  return { metadata: { labels, annotations: others }, spec: ownersSpec(config) };
}

async function remains(api: TenantReader, name: string): Promise<string[]> {
  return (await Promise.all([controllersLeft(api, name), podsLeft(api, name)])).flat();
}

const controllersOf = (api: TenantReader, name: string) =>
  api.list('replicationcontrollers', `openshift.io/deployment-config.name=${name}`);

async function configLeft(api: TenantReader, name: string): Promise<string[]> {
  return (await api.get('deploymentconfigs', name)) ? ['its deletion waits for a finalizer'] : [];
}

async function controllersLeft(api: TenantReader, name: string): Promise<string[]> {
  return (await controllersOf(api, name)).map(({ metadata }) => `rc/${metadata.name} is still there`);
}

async function podsLeft(api: TenantReader, name: string): Promise<string[]> {
  const pods = await api.list('pods', `deploymentconfig=${name}`);
  return pods.map(({ metadata }) => `pod/${metadata.name} is still there`);
}

/** What goes after another is asked for after it: one request a look. */
async function untilGone(api: TenantApi, name: string): Promise<void> {
  const deadline = performance.now() + GONE_WITHIN_MS;
  for (const look of [configLeft, withoutOrphans, podsLeft]) {
    for (let waitMs = 100; ; waitMs = Math.min(waitMs * 2, 2_000)) {
      const left = await look(api, name);
      if (left.length === 0) break;
      if (performance.now() > deadline) {
        throw new StepError(
          'TimedOut',
          `dc/${name} is not gone: ${left.join(', ')}`,
          `Look at: oc get dc,rc,pods -l deploymentconfig=${name}; then retry.`,
        );
      }
      await pause(waitMs, api.signal);
    }
  }
}

/** Controllers that no owner will collect are deleted here; one that was written meanwhile, at the next look. */
async function withoutOrphans(api: TenantApi, name: string): Promise<string[]> {
  const controllers = await controllersOf(api, name);
  for (const controller of controllers) {
    const { metadata } = controller;
    if (metadata.deletionTimestamp || metadata.ownerReferences?.length) continue;
    try {
      const options = { ...asSeen(controller), propagationPolicy: 'Background' } as const;
      await api.delete('replicationcontrollers', metadata.name, options);
    } catch (error) {
      if (!isOpenShiftError(error, 'Conflict')) throw error;
    }
  }
  return controllers.map(({ metadata }) => `rc/${metadata.name} is still there`);
}

async function create(api: TenantApi, original: DeploymentConfig, mark: string): Promise<void> {
  const { name, labels, annotations } = original.metadata;
  try {
    await api.create('deploymentconfigs', {
      metadata: {
        name,
        ...(labels ? { labels } : {}),
        annotations: { ...annotations, [PAUSED_BY]: mark },
      },
      spec: { ...original.spec, paused: true },
    });
  } catch (error) {
    if (!isOpenShiftError(error, 'AlreadyExists')) throw error;
  }
}
