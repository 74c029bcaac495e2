import { isClusterIdentity } from '../../text/names.ts';
import type { ClusterEntry, FleetFile } from './fleet-file.ts';
import type { Place, Remarks } from './remarks.ts';
import { someOf } from '../../text/some-of.ts';

/** The identity of the cluster that a kubeconfig context leads to, or why nobody knows it here. */
export type Identify = (context: string) => { readonly identity: string } | { readonly why: string };

export interface KnownCluster {
  /** Where its settings stand; absent: it has no entry. */
  readonly place?: Place;
  /** As the file calls it. */
  readonly name: string;
  readonly context: string;
  /** Absent where nobody knows it: that is a problem already. */
  readonly identity?: string;
  readonly entry: ClusterEntry;
}

/** Host[:port][/path] of an API server, as a kubeconfig's cluster is identified; undefined where it is no such address. */
export function serverIdentity(server: string): string | undefined {
  try {
    const url = new URL(server.includes('://') ? server : `https://${server}`);
    const identity = url.host.toLowerCase() + url.pathname.replace(/\/+$/, '');
    const isAddress = url.protocol === 'https:' && url.username === '' && !/[?#]/.test(server);
    return isAddress && isClusterIdentity(identity) ? identity : undefined;
  } catch {
    return undefined;
  }
}

/** The clusters of a fleet file: those with an entry, and those that a tenant names by its context. */
export class KnownClusters {
  readonly #named = new Map<string, KnownCluster>();
  readonly #unnamed = new Map<string, KnownCluster>();
  readonly #identify: Identify;
  readonly #remarks: Remarks;

  constructor(file: FleetFile, identify: Identify, remarks: Remarks) {
    this.#identify = identify;
    this.#remarks = remarks;
    for (const [name, entry] of Object.entries(file.clusters)) {
      this.#named.set(name, this.#known(name, entry, ['clusters', name], true));
    }
  }

  /** Of a tenant; undefined, and said, where it names none that is there. */
  of({ cluster, context }: { cluster?: string | undefined; context?: string | undefined }, place: Place) {
    if (cluster !== undefined && context !== undefined) {
      this.#remarks.problem(place, 'has both cluster and context: keep cluster, whose entry has the context');
      return undefined;
    }
    if (cluster !== undefined) return this.#byName(cluster, [...place, 'cluster']);
    if (context !== undefined) return this.#byContext(context, [...place, 'context']);
    this.#remarks.problem(place, 'names no cluster: add cluster: <a key of clusters>, or context: <name>');
    return undefined;
  }

  #byName(name: string, place: Place): KnownCluster | undefined {
    const known = this.#named.get(name);
    if (known) return known;
    const names = [...this.#named.keys()];
    const there = names.length > 0 ? `it has: ${someOf(names, 10)}` : 'it has none';
    this.#remarks.problem(
      place,
      `there is no cluster ${name} under clusters (${there}): add it there, or write context: ${name}`,
    );
    return undefined;
  }

  #byContext(context: string, place: Place): KnownCluster | undefined {
    const entry = [...this.#named.values()].find((known) => known.context === context);
    if (entry) {
      this.#remarks.problem(place, `${context} has an entry under clusters: write cluster: ${entry.name}`);
      return undefined;
    }
    const known = this.#unnamed.get(context) ?? this.#known(context, {}, place, false);
    this.#unnamed.set(context, known);
    return known;
  }

  #known(name: string, entry: ClusterEntry, place: Place, isEntry: boolean): KnownCluster {
    const context = entry.context ?? name;
    const identity = this.#identityOf(context, entry, place);
    return {
      name,
      context,
      entry,
      ...(isEntry ? { place } : {}),
      ...(identity === undefined ? {} : { identity }),
    };
  }

  #identityOf(context: string, { server, site }: ClusterEntry, place: Place): string | undefined {
    const found = this.#identify(context);
    const named = server === undefined ? undefined : serverIdentity(server);
    if ('identity' in found) {
      if (named === undefined || named === found.identity) return found.identity;
      this.#remarks.problem(
        [...place, 'server'],
        `${named} is not where context ${context} leads to here (${found.identity}): put one of them right`,
      );
      return undefined;
    }
    if (named !== undefined) return named;
    const where = site === undefined ? 'where only other workers reach it' : `of the site ${site}`;
    this.#remarks.problem(
      place,
      `${found.why}: put the context right, or name the cluster ${where} by an entry under clusters with ` +
        'server: <host:port of its API server>',
    );
    return undefined;
  }
}
