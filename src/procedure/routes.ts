import { differingFields } from '../domain/tenant/differing-fields.ts';
import { findPath, nameOfPath } from '../domain/paths/index.ts';
import type { CreateRouteStep } from '../domain/tenant/step-kinds.ts';
import type { TenantReader } from '../openshift/tenant-api.ts';
import type { DeploymentConfig, Route } from '../openshift/types.ts';
import type { Backup } from './backup/backup.ts';
import type { PathIdentity } from '../domain/tenant/outcome.ts';
import type { EditOfDeleted } from './edit/edit-of-deleted.ts';
import { editOfDeleted } from './edit/edit-of-deleted.ts';
import { containersOf, envValue } from './edit/env.ts';
import { missing } from './step-error.ts';
import { stepsOf } from '../domain/tenant/step.ts';

/** Hosts are made of env values: they may be compared, and never shown. */
export async function hostOf(api: TenantReader, step: CreateRouteStep): Promise<string> {
  const { deploymentConfig } = step.hostFrom;
  const config = await api.get('deploymentconfigs', deploymentConfig);
  if (!config) throw missing(`dc/${deploymentConfig}`);
  return hostNamedBy(api, config, step);
}

/** As this DeploymentConfig names it, be it the one that is there or the one that was backed up. */
export async function hostNamedBy(
  api: TenantReader,
  config: DeploymentConfig,
  { hostFrom: { deploymentConfig, container: name, hostEnv } }: CreateRouteStep,
): Promise<string> {
  const container = containersOf(config).find((candidate) => candidate.name === name);
  if (!container) throw missing(`container ${name} of dc/${deploymentConfig}`);
  const [first, second] = await Promise.all(hostEnv.map((variable) => envValue(api, container, variable)));
  return `${first}.${second}`;
}

/** The old route is known by what it is: one of its names, and its service. */
export const findRoute = (
  routes: readonly Route[],
  names: readonly string[],
  service: string,
): Route | undefined => findRoutes(routes, names, service)[0];

/** Every one that is known by that. */
export function findRoutes(routes: readonly Route[], names: readonly string[], service: string): Route[] {
  return routes.filter(({ metadata, spec }) => names.includes(metadata.name) && spec.to.name === service);
}

export const oldRoute = (
  from: { readonly routes: readonly Route[] } | undefined,
  { replaces, service }: CreateRouteStep,
): Route | undefined => findRoute(from?.routes ?? [], replaces, service);

/**
 * What somebody has changed of the old route since the backup, also where it does not lead to the service any more, or has
 * got another of its names. One that somebody has deleted is none: it was to go.
 */
export function editsOfOld(
  routes: readonly Route[],
  { names, service }: { readonly names: readonly string[]; readonly service: string },
  backup: Backup,
): EditOfDeleted[] {
  const leads = (route: Route | undefined): boolean => route?.spec.to.name === service;
  return names.flatMap((name) => {
    const [was, is] = [backup.routes, routes].map((all) =>
      all.find(({ metadata }) => metadata.name === name),
    );
    const edit = is && (leads(was) || leads(is)) ? editOfOld(is, was) : undefined;
    return edit ? { ...edit, isLeft: !leads(is) } : [];
  });
}

/** The same of one route. */
export const editOfOld = (route: Route, before: Route | undefined): EditOfDeleted | undefined =>
  editOfDeleted(`route/${route.metadata.name}`, before && writtenOf(before), writtenOf(route));

/** Every router that has admitted the old route has admitted it too; where none has, or there is no old one, any of them. */
export function isAdmitted(route: Route, old: Route | undefined): boolean {
  const [routers, wanted] = [admittedBy(route), old ? admittedBy(old) : []];
  return routers.length > 0 && wanted.every((name) => routers.includes(name));
}

function admittedBy({ status }: Route): string[] {
  return (status?.ingress ?? [])
    .filter(({ conditions }) =>
      conditions?.some((condition) => condition.type === 'Admitted' && condition.status === 'True'),
    )
    .map(({ routerName = '' }) => routerName);
}

/** Why a router has refused it, in the router's words without the host; where some have admitted the old route, one of those. */
export function refusalOf({ status }: Route, old?: Route): string | undefined {
  const asked = old ? admittedBy(old) : [];
  const refused = (status?.ingress ?? [])
    .filter(({ routerName = '' }) => asked.length === 0 || asked.includes(routerName))
    .flatMap(({ conditions }) => conditions ?? [])
    .find((condition) => condition.type === 'Admitted' && condition.status === 'False');
  return refused && (refused.reason ?? 'no reason given');
}

type Made = Pick<Route, 'metadata' | 'spec'>;

/** What the upgrade makes: all of the old one but its host; of none, what a template's routes have. */
export function newRoute(step: CreateRouteStep, host: string, old: Route | undefined): Made {
  const { path, to, alternateBackends, wildcardPolicy } = old?.spec ?? {};
  const annotations = newRouteAnnotations(old);
  const { metadata, spec } = plainRoute(step, host, old);
  return {
    metadata: { ...metadata, ...(annotations ? { annotations } : {}) },
    spec: {
      ...spec,
      to: { kind: 'Service', name: step.service, ...(to?.weight === undefined ? {} : { weight: to.weight }) },
      ...(path === undefined ? {} : { path }),
      ...(alternateBackends === undefined ? {} : { alternateBackends }),
      ...(wildcardPolicy === undefined ? {} : { wildcardPolicy }),
    },
  };
}

/** As upgrades of earlier releases made it. */
function plainRoute(step: CreateRouteStep, host: string, old: Route | undefined): Made {
  const { labels } = old?.metadata ?? {};
  const tls = old?.spec.tls ?? { termination: 'edge', insecureEdgeTerminationPolicy: 'Allow' };
  return {
    metadata: { name: step.route, ...(labels ? { labels } : {}) },
    spec: { host, to: { kind: 'Service', name: step.service }, port: { targetPort: step.port }, tls },
  };
}

/** Its owner's annotations; what a server, or a client for itself, has written there speaks of the old route. */
function newRouteAnnotations(old: Route | undefined): Readonly<Record<string, string>> | undefined {
  const kept = Object.entries(old?.metadata.annotations ?? {}).filter(([key]) => !OF_THE_OLD_ONE.test(key));
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

/** What a server writes on a route by itself. */
const HOST_GENERATED = 'openshift.io/host.generated';
const OF_THE_OLD_ONE = /^(openshift\.io\/host\.generated$|kubectl\.kubernetes\.io\/|argocd\.argoproj\.io\/)/;

/** What the new route is made from: somebody may edit that before, or after. */
export interface Sources {
  readonly hosts: readonly string[];
  readonly olds: readonly (Route | undefined)[];
}

/**
 * The fields by which the new route is not as any upgrade makes it of these; none where it is as one does. `look` says what
 * of it counts.
 */
export function notAsMadeBy(
  route: Route,
  step: CreateRouteStep,
  { hosts, olds }: Sources,
  look: (made: Made, route: Route) => unknown,
): string[] {
  const made = hosts.flatMap((host) =>
    olds.flatMap((old) => [newRoute, plainRoute].map((make) => make(step, host, old))),
  );
  const differing = made.map((one) => differingFields(look(one, route), look(route, route)));
  // Of none it is told by what it differs least.
  return differing.sort((one, other) => one.length - other.length)[0] ?? ['spec.host'];
}

/** What the owner of a route may have written in its specification; what the server fills in does not count. */
export const specOf = ({ spec }: Made): unknown => ({ spec: withDefaults(spec) });

/**
 * All that the owner of a route may have written. What `oc apply` or a GitOps controller notes there for itself counts as
 * well: where that is new, somebody has taken the route up into manifests of his own.
 */
function writtenOf({ metadata, spec }: Made): unknown {
  const { labels = {}, annotations = {} } = metadata;
  const { [HOST_GENERATED]: _generated, ...others } = annotations;
  return { metadata: { labels, annotations: others }, spec: withDefaults(spec) };
}

/** The same, but for labels and annotations that the route lacks: where it is deleted, none of those is lost. */
export function writtenOn({ metadata, spec }: Made, { metadata: { labels, annotations } }: Route): unknown {
  const present = {
    labels: only(metadata.labels, labels),
    annotations: only(metadata.annotations, annotations),
  };
  return writtenOf({ metadata: { ...metadata, ...present }, spec });
}

type Texts = Readonly<Record<string, string>>;
const only = (of: Texts = {}, keys: Texts = {}): Texts =>
  Object.fromEntries(Object.entries(of).filter(([key]) => key in keys));

/**
 * The fields by which the new route does not lead where, or as, the upgrade makes it; none where it does. Certificates are
 * its owner’s, and what the API takes for granted is no difference. Of one that its owner had before the upgrade only host
 * and service are looked at.
 */
export function ledElsewhereBy(
  { spec }: Route,
  step: CreateRouteStep,
  { host, backup }: { readonly host: string; readonly backup: Backup | undefined },
): string[] {
  const isOwners = !backup || backup.routes.some(({ metadata }) => metadata.name === step.route);
  const wanted = newRoute(step, host, oldRoute(backup, step)).spec;
  const look = isOwners ? hostAndService : leadOf;
  return differingFields({ spec: look(wanted) }, { spec: look(spec) });
}

const hostAndService = ({ host, to: { name } }: Route['spec']): unknown => ({ host, to: { name } });

function leadOf({ tls, port, ...rest }: Route['spec']): unknown {
  const { host, path, to, alternateBackends, wildcardPolicy } = withDefaults(rest);
  return {
    host,
    path,
    to,
    alternateBackends,
    wildcardPolicy,
    port: { targetPort: port?.targetPort },
    tls: tls && {
      termination: tls['termination'],
      insecureEdgeTerminationPolicy: insecurePolicyOf(tls),
    },
  };
}

/** As empty, it lets nothing in that is not encrypted. */
function insecurePolicyOf({ insecureEdgeTerminationPolicy: policy = '' }: Readonly<Record<string, string>>) {
  return policy === '' ? 'None' : policy;
}

function withDefaults({
  path = '',
  to,
  alternateBackends = [],
  wildcardPolicy = 'None',
  ...rest
}: Route['spec']) {
  return {
    ...rest,
    path,
    to: backend(to),
    alternateBackends: alternateBackends.map(backend),
    wildcardPolicy,
  };
}

const backend = (to: unknown): unknown => ({ kind: 'Service', weight: 100, ...(to as object) });

/** The step of the path that makes a route; undefined where it is none that the path makes. */
export function stepThatMakes(route: string, path: PathIdentity): CreateRouteStep | undefined {
  const steps = findPath(nameOfPath(path))?.steps({}) ?? [];
  return stepsOf(steps, 'create-route').find((step) => step.route === route);
}
