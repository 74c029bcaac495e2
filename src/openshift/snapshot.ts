import type { TenantReader } from './tenant-api.ts';
import type { DeploymentConfig, Kinds, Resource } from './types.ts';

/** Kinds that are listed whole, once. Secrets are not: nobody needs to see them all. */
const LISTED: ReadonlySet<Resource> = new Set([
  'deploymentconfigs',
  'replicationcontrollers',
  'imagestreams',
  'routes',
]);

/**
 * One look at a tenant: whatever is asked for is read once, so that all who look see the same. Made for one moment and
 * thrown away with it: what changes later is not in it. What fails, fails for all of them.
 */
export class Snapshot implements TenantReader {
  readonly namespace: string;
  readonly signal: AbortSignal | undefined;
  readonly #reader: TenantReader;
  readonly #read = new Map<string, Promise<unknown>>();

  constructor(reader: TenantReader) {
    this.#reader = reader;
    this.namespace = reader.namespace;
    this.signal = reader.signal;
  }

  async get<R extends Resource>(resource: R, name: string): Promise<Kinds[R] | undefined> {
    if (LISTED.has(resource))
      return (await this.#all(resource)).find(({ metadata }) => metadata.name === name);
    return this.#once(`${resource}/${name}`, () => this.#reader.get(resource, name));
  }

  async list<R extends Resource>(resource: R, labelSelector?: string): Promise<readonly Kinds[R][]> {
    if (!LISTED.has(resource)) return this.#reader.list(resource, labelSelector);
    const all = await this.#all(resource);
    if (labelSelector === undefined) return all;
    const wanted = labelSelector.split(',').map((pair) => pair.split('='));
    return all.filter(({ metadata: { labels = {} } }) =>
      wanted.every(([key = '', value]) => labels[key] === value),
    );
  }

  /** Controllers after the configs that name them: a config that is the newer of the two would look unsettled. */
  #all<R extends Resource>(resource: R): Promise<readonly Kinds[R][]> {
    return this.#once(resource, async () => {
      if (resource === 'replicationcontrollers') await this.#all('deploymentconfigs');
      return this.#reader.list(resource);
    });
  }

  /** The key says what the answer is of. */
  #once<T>(key: string, read: () => Promise<T>): Promise<T> {
    const known = this.#read.get(key) as Promise<T> | undefined;
    const answer = known ?? read();
    if (!known) this.#read.set(key, answer);
    return answer;
  }
}

/** One DeploymentConfig as somebody has it; all else as a snapshot shows it. */
export function seenAs(config: DeploymentConfig, reader: TenantReader): TenantReader {
  const others = new Snapshot(reader);
  const { namespace, signal } = reader;
  return {
    namespace,
    signal,
    get: async <R extends Resource>(resource: R, name: string) =>
      resource === 'deploymentconfigs' && name === config.metadata.name
        ? (config as Kinds[R])
        : others.get(resource, name),
    list: (resource, labelSelector) => others.list(resource, labelSelector),
  };
}
