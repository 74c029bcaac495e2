import { matches } from '../spec/labels.ts';
import type { FleetFile, TenantEntry } from './fleet-file.ts';
import type { KnownCluster, KnownClusters } from './known-clusters.ts';
import type { Place, Remarks } from './remarks.ts';
import { someOf } from '../../text/some-of.ts';

/** A tenant of the file whose cluster is known. */
export interface ListedTenant {
  readonly place: Place;
  /** As people call it. */
  readonly title: string;
  readonly cluster: KnownCluster & { readonly identity: string };
  readonly entry: TenantEntry;
}

/** All tenants that the file lists, by every name that it may call them. */
export class ListedTenants {
  readonly all: readonly ListedTenant[];
  readonly excluded = new Set<ListedTenant>();
  readonly #byName = new Map<string, ListedTenant>();
  /** Names of those whose cluster nobody knows: they are a problem already. */
  readonly #unplaced = new Set<string>();

  constructor(file: FleetFile, clusters: KnownClusters, remarks: Remarks) {
    const names = new Map<string, Place>();
    const namespaces = new Map<string, ListedTenant>();
    this.all = file.tenants.flatMap((entry, index) => {
      const place = ['tenants', index];
      const before = entry.name === undefined ? undefined : names.get(entry.name);
      if (before) remarks.problem([...place, 'name'], `the name ${entry.name} is taken: use another`, before);
      else if (entry.name !== undefined) names.set(entry.name, place);
      const cluster = clusters.of(entry, place);
      if (cluster?.identity === undefined) {
        this.#unplaced.add(entry.name ?? '').add(`${entry.cluster ?? entry.context}/${entry.namespace}`);
        return [];
      }
      const title = entry.name ?? `${cluster.context}/${entry.namespace}`;
      const tenant = { place, title, entry, cluster: { ...cluster, identity: cluster.identity } };
      const key = `${cluster.identity}/${entry.namespace}`;
      const same = namespaces.get(key);
      if (same) {
        remarks.problem(
          [...place, 'namespace'],
          `${key} is listed already, as ${same.title}: take one of the two out`,
          same.place,
        );
        return [];
      }
      namespaces.set(key, tenant);
      return [tenant];
    });
    for (const tenant of this.all) {
      for (const name of namesOf(tenant)) if (!this.#byName.has(name)) this.#byName.set(name, tenant);
    }
    this.#exclude(file, remarks);
  }

  get included(): ListedTenant[] {
    return this.all.filter((tenant) => !this.excluded.has(tenant));
  }

  /** By its name, `cluster/namespace` or `context/namespace`. */
  named(name: string): ListedTenant | undefined {
    return this.#byName.get(name);
  }

  isUnplaced(name: string): boolean {
    return this.#unplaced.has(name);
  }

  #exclude({ exclude }: FleetFile, remarks: Remarks): void {
    exclude.forEach((exclusion, index) => {
      const place = ['exclude', index];
      if (typeof exclusion !== 'string') {
        const found = this.all.filter(({ entry }) => matches(exclusion.labels, entry.labels));
        if (found.length === 0) remarks.warn(place, 'no tenant has these labels');
        for (const tenant of found) this.excluded.add(tenant);
        return;
      }
      const tenant = this.named(exclusion);
      if (tenant) this.excluded.add(tenant);
      else if (!this.isUnplaced(exclusion)) remarks.problem(place, noTenant(exclusion, this.all));
    });
  }
}

export function noTenant(name: string, tenants: readonly ListedTenant[]): string {
  const titles = tenants.map(({ title }) => title);
  return `there is no tenant ${name} under tenants (there are ${someOf(titles) || 'none'}): use its name, or cluster/namespace`;
}

function namesOf({ cluster, entry }: ListedTenant): string[] {
  const { namespace, name } = entry;
  return [
    ...(name === undefined ? [] : [name]),
    `${cluster.name}/${namespace}`,
    `${cluster.context}/${namespace}`,
    `${cluster.identity}/${namespace}`,
  ];
}
