import type { CreateRouteStep } from '../../domain/tenant/step-kinds.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, Route } from '../../openshift/types.ts';
import type { Backup } from '../backup/backup.ts';
import { backedUp, required } from '../backup/backup.ts';
import { refuseEdit } from '../edit/edit-of-deleted.ts';
import { asSeen, lookAgainOnConflict } from '../edit/look-again.ts';
import type { Sources } from '../routes.ts';
import {
  editsOfOld,
  findRoute,
  hostNamedBy,
  hostOf,
  isAdmitted,
  ledElsewhereBy,
  newRoute,
  notAsMadeBy,
  oldRoute,
  refusalOf,
  specOf,
  writtenOn,
} from '../routes.ts';
import { editedByOthers, StepError } from '../step-error.ts';
import type { StepModule } from './step-module.ts';
import { blocked, DONE, edited, NOTHING, problem, UNCHANGED } from './step-module.ts';

const ADMITTED_WITHIN_MS = 60_000;

/** The new route stands beside the old one until system-app runs on 2.4: it answers under the new name from then on. */
export const createRoute: StepModule<'create-route'> = {
  async inspect({ api }, step) {
    const route = await api.get('routes', step.route);
    const host = await hostOf(api, step);
    if (route?.spec.host === host && route.spec.to.name === step.service) return NOTHING;
    if (route) return blocked(`route/${step.route} is there already, with another host or service`);
    const after =
      `edge route to service ${step.service}, port ${step.port}, with the old one’s TLS, path, weights and annotations; ` +
      `host from ${step.hostFrom.hostEnv.join('.')} of dc/${step.hostFrom.deploymentConfig}`;
    return { status: 'todo', changes: [{ object: `route/${step.route}`, path: '', after }] };
  },

  async apply({ api, backup: readBackup }, step) {
    const backup = await readBackup();
    const wasThere = backedUp(backup, 'routes', step.route) !== undefined;
    const host = await hostOf(api, step);
    const routes = await api.list('routes');
    const old = findRoute(routes, step.replaces, step.service);
    let route = routes.find(({ metadata }) => metadata.name === step.route);
    const done = route ? UNCHANGED : DONE;
    route ??= await create(api, step, host, asBackedUp(routes, step, required(backup)));
    const fields = wasThere
      ? ledElsewhereBy(route, step, { host, backup })
      : notAsMadeBy(route, step, { hosts: [host], olds: [old, oldRoute(backup, step)] }, specOf);
    if (fields.length > 0) throw editedByOthers(`route/${step.route}`, fields.join(', '));
    // With the old one's own host it is admitted only when that one goes: delete-route sees to it.
    if (old?.spec.host !== host) await untilAdmitted(api, route, old);
    return done;
  },

  async verify({ api, backup: readBackup }, step, moment) {
    const route = await api.get('routes', step.route);
    if (!route) return [edited(`route/${step.route} is not there`)];
    const host = await hostOf(api, step);
    if (route.spec.host !== host)
      return [edited(`route/${step.route} does not have the host of ${step.hostFrom.hostEnv.join('.')}`)];
    const fields = ledElsewhereBy(route, step, { host, backup: await readBackup?.() });
    if (fields.length > 0) {
      const how = `as the upgrade made it (${fields.join(', ')})`;
      return [edited(`route/${step.route} does not lead to service ${step.service} ${how}`)];
    }
    if (moment !== 'upgraded' || isAdmitted(route, undefined)) return [];
    return [
      problem(`route/${step.route} is not admitted: ${refusalOf(route) ?? 'no router has claimed it'}`),
    ];
  },

  async revert(work, step) {
    const backup = await work.backup();
    if (backedUp(backup, 'routes', step.route)) return UNCHANGED;
    return lookAgainOnConflict(work.api.signal, async () => {
      const current = await work.api.get('routes', step.route);
      if (!current) return UNCHANGED;
      const fields = notAsMadeBy(current, step, await sourcesOf(work.api, backup, step), writtenOn);
      if (fields.length > 0) throw editedByOthers(`route/${step.route}`, fields.join(', '));
      await work.api.delete('routes', step.route, asSeen(current));
      return DONE;
    });
  },

  touches: ({ route, replaces }) =>
    [route, ...replaces].map((name) => ({ resource: 'routes', name }) as const),

  rights: ({ route }) => [
    ...(['get', 'list', 'watch', 'create'] as const).map((verb) => accessTo(verb, 'routes')),
    named(accessTo('delete', 'routes'), route),
    accessTo('create', 'routes', 'custom-host'),
    accessTo('get', 'deploymentconfigs'),
    accessTo('get', 'secrets'),
    accessTo('get', 'configmaps'),
  ],
};

/**
 * The old route, also where somebody has deleted it since. One that is not as it was backed up is not copied: the new
 * route would be held against the backup, and somebody blamed for what this step has made.
 */
function asBackedUp(routes: readonly Route[], step: CreateRouteStep, backup: Backup): Route | undefined {
  const [edit] = editsOfOld(routes, { names: step.replaces, service: step.service }, backup);
  refuseEdit(edit);
  return oldRoute(backup, step);
}

/** As they are now, and as they were backed up. */
async function sourcesOf(
  api: TenantApi,
  backup: Backup | undefined,
  step: CreateRouteStep,
): Promise<Sources> {
  const { deploymentConfig } = step.hostFrom;
  const [config, routes] = await Promise.all([
    api.get('deploymentconfigs', deploymentConfig),
    api.list('routes'),
  ]);
  const before = backedUp(backup, 'deploymentconfigs', deploymentConfig);
  const named = [config, before].flatMap((one) => one ?? []);
  return {
    hosts: await hostsNamedBy(api, named, step),
    olds: [oldRoute({ routes }, step), oldRoute(backup, step)],
  };
}

/** Of several that name one or not: only where none of them does, that is told. */
async function hostsNamedBy(
  api: TenantApi,
  configs: readonly DeploymentConfig[],
  step: CreateRouteStep,
): Promise<string[]> {
  const hosts: string[] = [];
  let nameless: StepError | undefined;
  for (const config of configs) {
    try {
      hosts.push(await hostNamedBy(api, config, step));
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      nameless = error;
    }
  }
  if (hosts.length === 0 && nameless) throw nameless;
  return hosts;
}

async function create(
  api: TenantApi,
  step: CreateRouteStep,
  host: string,
  old: Route | undefined,
): Promise<Route> {
  try {
    return await api.create('routes', newRoute(step, host, old));
  } catch (error) {
    const existing = isOpenShiftError(error, 'AlreadyExists') && (await api.get('routes', step.route));
    if (existing) return existing;
    throw error;
  }
}

const unclaimed = (route: Route | undefined): string =>
  route && isAdmitted(route, undefined)
    ? 'not every router that admits the old one has claimed it'
    : 'no router has claimed it';

/** Waits until the routers that have admitted the old route admit this one, as it was just read or written. */
export async function untilAdmitted(api: TenantApi, seen: Route, old: Route | undefined): Promise<void> {
  const { name } = seen.metadata;
  const deadline = performance.now() + ADMITTED_WITHIN_MS;
  for await (const route of api.follow('routes', seen)) {
    if (route && isAdmitted(route, old)) return;
    const refusal = route && refusalOf(route, old);
    if (!route || performance.now() > deadline || (refusal && refusal !== 'HostAlreadyClaimed')) {
      throw new StepError(
        'NotVerified',
        `route/${name} is not admitted: ${refusal ?? unclaimed(route)}`,
        `Look at: oc describe route ${name}; then retry.`,
      ).settled();
    }
  }
}
