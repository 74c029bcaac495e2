import type { DeleteRouteStep } from '../../domain/tenant/step-kinds.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { Route } from '../../openshift/types.ts';
import { backedUp, required } from '../backup/backup.ts';
import { problemOf, refuseEdit } from '../edit/edit-of-deleted.ts';
import { asSeen, lookAgainOnConflict } from '../edit/look-again.ts';
import {
  editOfOld,
  editsOfOld,
  findRoute,
  findRoutes,
  hostOf,
  isAdmitted,
  ledElsewhereBy,
  stepThatMakes,
} from '../routes.ts';
import { editedByOthers, missing } from '../step-error.ts';
import type { StepModule, Work } from './step-module.ts';
import { absent, blocked, DONE, problem, UNCHANGED } from './step-module.ts';
import { untilAdmitted } from './create-route.ts';

/** The master portal's old name goes only when its new one answers. */
export const deleteRoute: StepModule<'delete-route'> = {
  async inspect({ api }, step) {
    const [old, other] = findRoutes(await api.list('routes'), step.routes, step.service);
    if (!old) return absent(`route/${step.routes.join(' or route/')}`);
    if (other) return blocked(severalOld([old, other], step));
    const change = { object: `route/${old.metadata.name}`, path: '', before: 'there', after: 'deleted' };
    return { status: 'todo', changes: [change] };
  },

  async apply(work, step) {
    const { api, backup } = work;
    const seen = await lookAgainOnConflict(api.signal, () => deleteAsSeen(work, step));
    if (seen.old) {
      if (sharesHost(seen)) await untilAdmitted(api, seen.next, seen.old);
      return DONE;
    }
    const before = await backup();
    if (!before || !findRoute(before.routes, step.routes, step.service)) return { status: 'absent' };
    const [left] = editsOfOld(seen.routes, { names: step.routes, service: step.service }, before);
    const why = `it does not lead to service ${step.service} any more`;
    return left ? { ...UNCHANGED, note: `${left.object} is left: ${why}` } : UNCHANGED;
  },

  /** Before it is deleted: it is as the backup has it, or somebody has deleted it. */
  async verify({ api, backup: readBackup }, step, moment) {
    if (moment !== 'upgraded') {
      const backup = await readBackup?.();
      const names = { names: step.routes, service: step.service };
      return (backup ? editsOfOld(await api.list('routes'), names, backup) : []).map(problemOf);
    }
    const old = findRoute(await api.list('routes'), step.routes, step.service);
    return old ? [problem(`route/${old.metadata.name} is still there`)] : [];
  },

  async revert(work, step) {
    const { routes } = required(await work.backup());
    const original = findRoute(routes, step.routes, step.service);
    if (!original || (await work.api.get('routes', original.metadata.name))) return UNCHANGED;
    try {
      await work.api.create('routes', { metadata: original.metadata, spec: original.spec });
    } catch (error) {
      if (!isOpenShiftError(error, 'AlreadyExists')) throw error;
    }
    return DONE;
  },

  touches: ({ routes }) => routes.map((name) => ({ resource: 'routes', name, deleted: true })),

  revertIsUnguarded: true,

  rights: ({ routes }) => [
    ...(['get', 'list', 'watch', 'create'] as const).map((verb) => accessTo(verb, 'routes')),
    named(accessTo('delete', 'routes'), ...routes),
    accessTo('create', 'routes', 'custom-host'),
    ...(['deploymentconfigs', 'secrets', 'configmaps'] as const).map((kind) => accessTo('get', kind)),
  ],
};

/** One is replaced by the new one, and the other's host would be gone without a word. */
const severalOld = (routes: readonly Route[], { service, replacedBy }: DeleteRouteStep): string =>
  `${routes.map(({ metadata }) => `route/${metadata.name}`).join(' and ')} lead to service ${service}, and route/${replacedBy} replaces one of them: give the other one another name, or delete it`;

/** One look at the routes. */
interface Seen {
  readonly routes: readonly Route[];
  readonly next: Route;
  /** Undefined where it is gone. */
  readonly old: Route | undefined;
}

/** The new one is admitted then only when the old one goes. */
const sharesHost = ({ old, next }: Seen): boolean => old?.spec.host === next.spec.host;

/**
 * Until the new route is admitted it may take a minute, and somebody may edit the old one, or the new one, meanwhile: both
 * are looked at again after it.
 */
async function deleteAsSeen(work: Work, step: DeleteRouteStep): Promise<Seen> {
  let seen = await look(work, step);
  while (!sharesHost(seen) && !isAdmitted(seen.next, seen.old)) {
    await untilAdmitted(work.api, seen.next, seen.old);
    seen = await look(work, step);
  }
  if (seen.old) await work.api.delete('routes', seen.old.metadata.name, asSeen(seen.old));
  return seen;
}

/** Throws where the old route must not go: the new one leads elsewhere, or is not there, or somebody has edited the old one. */
async function look(work: Work, step: DeleteRouteStep): Promise<Seen> {
  const routes = await work.api.list('routes');
  const old = findRoute(routes, step.routes, step.service);
  const next = routes.find(({ metadata }) => metadata.name === step.replacedBy);
  if (!next) throw missing(`route/${step.replacedBy}, which replaces the old one,`);
  if (old) {
    await refuseLedElsewhere(work, next);
    refuseEdit(editOfOld(old, backedUp(await work.backup(), 'routes', old.metadata.name)));
  }
  return { routes, next, old };
}

/** The portal must not be left without a route that leads to it: this one has to be as the upgrade makes it. */
async function refuseLedElsewhere({ api, backup, path }: Work, next: Route): Promise<void> {
  const { name } = next.metadata;
  const step = stepThatMakes(name, path);
  if (!step) throw missing(`the step that makes route/${name}`);
  const fields = ledElsewhereBy(next, step, { host: await hostOf(api, step), backup: await backup() });
  if (fields.length > 0) throw editedByOthers(`route/${name}`, fields.join(', '));
}
