import type { Paths } from '../build/build.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import { courseBy, ruleOf } from '../faults/api-faults.ts';
import type { Arrival, Course } from '../faults/course.ts';
import { edit, EDIT_KINDS } from '../faults/foreign-edits.ts';
import type { EditKind } from '../faults/foreign-edits.ts';
import { API_KINDS, MESSAGE_KINDS, WORK_KINDS } from '../faults/kinds.ts';
import type { ApiKind, MessageKind, WorkKind } from '../faults/kinds.ts';
import { SOMEBODY } from './deeds.ts';
import type { Story } from './story.ts';
import type { Injection, Site, Tenant } from './tenant.ts';
import { nameOf } from './tenant.ts';

/** What a world cannot do by itself: it needs the arena's Temporal, or every worker's kubeconfig. */
export interface Reach {
  say(tenant: Tenant, kind: MessageKind, forMs: number): void;
  repoint(tenant: Tenant, forMs: number): void;
}

/** One run: some tenants, what goes wrong with them, and the story of it. */
export class World {
  readonly paths: Paths;
  readonly seed: string;
  readonly story: Story;
  readonly tenants: Tenant[] = [];
  /** Where a context leads for a while: nothing of this world may ever be written there. */
  decoy: Site | undefined;
  /** Until when one of its contexts leads elsewhere. */
  repointedUntil = 0;
  /** Its name, where the tenants of this world are upgraded by one. */
  fleet: string | undefined;
  /** What a scripted run does with a request, before anything that its plan says. */
  script: ((tenant: Tenant, arrival: Arrival) => Course | undefined) | undefined;
  readonly #reach: Reach;

  constructor(seed: string, { story, reach, paths }: { story: Story; reach: Reach; paths: Paths }) {
    this.paths = paths;
    this.seed = seed;
    this.story = story;
    this.#reach = reach;
  }

  /** Called for every request that arrives at a cluster of this world. */
  intercept(context: string, arrival: Arrival): Course | undefined {
    const tenant = this.tenants.find(
      ({ site, namespace }) => site.context === context && namespace === arrival.namespace,
    );
    if (!tenant) return undefined;
    while (tenant.injections[0] && arrival.nth >= tenant.injections[0].nth) {
      const injection = tenant.injections.shift();
      if (injection) this.#inject(tenant, injection, arrival);
    }
    return this.script?.(tenant, arrival) ?? courseBy(tenant.rules, arrival);
  }

  /** True while a fault is in force or a message under way. */
  isUnderFire(now: number): boolean {
    if (now < this.repointedUntil) return true;
    return this.tenants.some(({ rules }) => rules.some(({ left, endsAt }) => left > 0 && now < endsAt));
  }

  /** Nothing goes wrong any more. */
  endFaults(): void {
    for (const tenant of this.tenants) {
      tenant.injections.length = 0;
      for (const rule of tenant.rules) rule.left = 0;
    }
  }

  #inject(tenant: Tenant, injection: Injection, { method, path }: Arrival): void {
    const { kind, hits, forMs, variant } = injection;
    const at = Date.now();
    const done = this.#act(tenant, injection);
    if (!done) return;
    tenant.injected.push({ kind, at });
    const how = isOneOf(API_KINDS, kind) ? `, ${hits} requests, at most ${forMs} ms` : ` (${variant})`;
    this.story.tell(`${nameOf(tenant)}: ${kind}${how}, at ${method} ${path}`);
  }

  #act(tenant: Tenant, { kind, hits, forMs, variant }: Injection): boolean {
    const { cluster } = tenant.site;
    const { namespace } = tenant;
    if (isOneOf(API_KINDS, kind)) {
      tenant.rules.push(ruleOf(kind as ApiKind, { hits, forMs, now: Date.now() }));
      return true;
    }
    if (isOneOf(WORK_KINDS, kind)) {
      failWork(tenant, kind as WorkKind, hits, variant);
      return true;
    }
    if (isOneOf(MESSAGE_KINDS, kind)) {
      this.#reach.say(tenant, kind as MessageKind, forMs);
      return true;
    }
    if (isOneOf(EDIT_KINDS, kind)) {
      const { start, site } = tenant;
      const made = edit({ cluster, namespace, start, call: site.call }, kind as EditKind, variant);
      if (made) tenant.edits.push(made);
      return made !== undefined;
    }
    if (kind === 'repoint') {
      tenant.repointed = true;
      this.#reach.repoint(tenant, forMs);
      return true;
    }
    tenant.deletedAt = Date.now();
    deleteNamespace(tenant);
    return true;
  }
}

const isOneOf = (kinds: readonly string[], kind: string): boolean => kinds.includes(kind);

const ROLLED = [
  'zync',
  'backend-listener',
  'backend-cron',
  'system-app',
  'system-sidekiq',
  'apicast-production',
];
const IMPORTED = ['zync', 'backend', 'apicast-gateway', 'system'];

function failWork({ site, namespace }: Tenant, kind: WorkKind, hits: number, variant: number): void {
  const { faults } = site.cluster;
  const message = 'a fault of this run';
  const rolled = ROLLED[variant % ROLLED.length] ?? '';
  const image = `registry.access.redhat.com/3scale-amp24/${IMPORTED[variant % IMPORTED.length] ?? ''}`;
  if (kind === 'rollout-fails') faults.onWork('rollout', { namespace, name: rolled, message, times: hits });
  if (kind === 'hook-fails')
    faults.onWork('hook', { namespace, name: 'system-app/pre', message, times: 3 * hits });
  if (kind === 'import-fails') faults.onWork('import', { namespace, name: image, message, times: hits });
}

function deleteNamespace({ site, namespace }: Tenant): void {
  const { store } = site.cluster;
  for (const resource of Object.values(RESOURCES)) {
    if (!resource.namespaced) continue;
    for (const { metadata } of store.list(resource, namespace))
      if (store.get(resource, namespace, metadata.name))
        store.remove(resource, namespace, metadata.name, SOMEBODY);
  }
  store.remove(RESOURCES.namespaces, undefined, namespace, SOMEBODY);
}
