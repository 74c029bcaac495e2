import type { TenantRef } from '../domain/tenant/tenant.ts';
import { ANNOTATION, newestControllerName } from './rollout.ts';
import type { Access, TenantApi } from './tenant-api.ts';
import { accessTo } from './tenant-api.ts';
import type { DeploymentConfig, ObjectMeta, Pod, ReplicationController } from './types.ts';

/** What nobody follows any more is watched for so long still: the next rollout of the tenant may begin. */
const LINGER_MS = 1_000;
/** Those who look at the pods at about the same time look once. */
const ONE_LOOK_MS = 2_000;
/** Where nothing is heard, whoever follows a rollout is told so all the same: it may have waited for long enough. */
const QUIET_MS = 5_000;

/** Label of the pods that a DeploymentConfig runs, with its name. */
export const POD_OF = 'deploymentconfig';

/**
 * All DeploymentConfigs of a tenant, and the newest replication controller of each, as they change: one list and one watch of
 * either, shared by all rollouts of it that are waited for in this process. What it shows may be a moment old: it serves who
 * waits, and who writes with a test of the resourceVersion.
 */
export class RolloutWatch {
  readonly #over = new AbortController();
  readonly #ended: () => void;
  readonly #waiting = new Set<() => void>();
  #configs: ReadonlyMap<string, DeploymentConfig> | undefined;
  #controllers: ReadonlyMap<string, ReplicationController> | undefined;
  #pods: { readonly askedMs: number; readonly answer: Promise<readonly Pod[]> } | undefined;
  #failure: { readonly error: unknown } | undefined;
  #users = 0;
  #linger: NodeJS.Timeout | undefined;

  /** Watches until nobody uses it any more, or until reading fails: then `ended` is called. */
  constructor(open: (signal: AbortSignal) => Pick<TenantApi, 'followAll'>, ended: () => void) {
    this.#ended = ended;
    this.#endSoon();
    void this.#watch(open);
  }

  /** As it was last seen; undefined where it is not there. Rejects as reading does. */
  async look(name: string, signal: AbortSignal | undefined): Promise<DeploymentConfig | undefined> {
    this.#hold();
    try {
      while (!this.#configs) await this.#news(signal);
      return this.#configs.get(name);
    } finally {
      this.#release();
    }
  }

  /** The replication controller of this name, where it was last seen as its DeploymentConfig's newest. */
  controller(name: string): ReplicationController | undefined {
    return this.#controllers?.get(name);
  }

  /** The pods of all DeploymentConfigs, as they are now, or as somebody else has just asked for them. */
  pods(api: Pick<TenantApi, 'list'>): Promise<readonly Pod[]> {
    const nowMs = performance.now();
    if (this.#pods && nowMs - this.#pods.askedMs < ONE_LOOK_MS) return this.#pods.answer;
    const answer = api.list('pods', POD_OF);
    this.#pods = { askedMs: nowMs, answer };
    return answer;
  }

  /**
   * Yields a DeploymentConfig as the caller has just read or written it, then whenever it has changed, or its newest
   * replication controller has, and where nothing was heard for a while; undefined where it is gone. Nothing that is older
   * than what the caller has. Never ends by itself.
   */
  async *follow(
    first: DeploymentConfig,
    api: Pick<TenantApi, 'get' | 'signal'>,
  ): AsyncGenerator<DeploymentConfig | undefined> {
    this.#hold();
    try {
      let last = { config: first, controller: this.#newestOf(first) };
      yield first;
      for (;;) {
        const config = await this.#now(first, api);
        if (!config) yield undefined;
        else {
          const controller = this.#newestOf(config);
          const isNews = config !== last.config || controller !== last.controller;
          last = { config, controller };
          if (isNews) {
            yield config;
            continue;
          }
        }
        const isQuiet = await this.#news(api.signal);
        if (isQuiet) yield last.config;
      }
    } finally {
      this.#release();
    }
  }

  #newestOf(config: DeploymentConfig): ReplicationController | undefined {
    return this.controller(newestControllerName(config));
  }

  /** What is gone, or was not seen yet, is for the cluster to tell. */
  async #now(first: DeploymentConfig, api: Pick<TenantApi, 'get'>): Promise<DeploymentConfig | undefined> {
    const { name, uid } = first.metadata;
    if (!this.#configs) return first;
    const seen = this.#configs.get(name);
    if (seen?.metadata.uid !== uid) return api.get('deploymentconfigs', name);
    return !seen || isOlder(seen.metadata, first.metadata) ? first : seen;
  }

  /** Resolves when something has changed, or, with true, when nothing has for a while. */
  async #news(signal: AbortSignal | undefined): Promise<boolean> {
    signal?.throwIfAborted();
    let isQuiet = false;
    if (!this.#failure) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', end);
          this.#waiting.delete(end);
          resolve();
        };
        const timer = setTimeout(() => {
          isQuiet = true;
          end();
        }, QUIET_MS);
        this.#waiting.add(end);
        signal?.addEventListener('abort', end, { once: true });
      });
    }
    signal?.throwIfAborted();
    if (this.#failure) throw this.#failure.error;
    return isQuiet;
  }

  async #watch(open: (signal: AbortSignal) => Pick<TenantApi, 'followAll'>): Promise<void> {
    const wake = (): void => {
      for (const one of [...this.#waiting]) one();
    };
    try {
      const api = open(this.#over.signal);
      const configs = async (): Promise<void> => {
        for await (const seen of api.followAll('deploymentconfigs')) {
          this.#configs = seen;
          wake();
        }
      };
      const controllers = async (): Promise<void> => {
        for await (const seen of api.followAll('replicationcontrollers', isNewest)) {
          this.#controllers = seen;
          wake();
        }
      };
      await Promise.all([configs(), controllers()]);
    } catch (error) {
      this.#failure = { error };
      this.#end();
      wake();
    }
  }

  #hold(): void {
    clearTimeout(this.#linger);
    this.#users += 1;
  }

  #release(): void {
    this.#users -= 1;
    if (this.#users === 0) this.#endSoon();
  }

  #endSoon(): void {
    this.#linger = setTimeout(() => {
      this.#end();
    }, LINGER_MS);
  }

  #end(): void {
    clearTimeout(this.#linger);
    this.#ended();
    this.#over.abort();
  }
}

/** Without it the replication controllers are listed now and then. */
export const WATCH_RIGHT: Access = accessTo('watch', 'replicationcontrollers');

/** The watches of a process: one a tenant, while it is used. */
export class RolloutWatches {
  readonly #open: (tenant: TenantRef, signal: AbortSignal) => TenantApi;
  readonly #watches = new Map<string, RolloutWatch>();

  constructor(open: (tenant: TenantRef, signal: AbortSignal) => TenantApi) {
    this.#open = open;
  }

  /** To be used at once: it ends when nobody does. */
  of(tenant: TenantRef): RolloutWatch {
    const { cluster, context, namespace } = tenant;
    const key = JSON.stringify([cluster, context, namespace]);
    const known = this.#watches.get(key);
    if (known) return known;
    const watch: RolloutWatch = new RolloutWatch(
      (signal) => this.#open(tenant, signal),
      () => {
        if (this.#watches.get(key) === watch) this.#watches.delete(key);
      },
    );
    this.#watches.set(key, watch);
    return watch;
  }
}

/** Versions count up in every API server that there is; where one does not count, generations do. */
function isOlder(seen: ObjectMeta, than: ObjectMeta): boolean {
  const [one, other] = [seen.resourceVersion, than.resourceVersion];
  if (one !== undefined && other !== undefined && [one, other].every((version) => /^\d+$/.test(version)))
    return BigInt(one) < BigInt(other);
  return (seen.generation ?? 0) < (than.generation ?? 0);
}

/** Of each DeploymentConfig one is enough to tell where its rollout stands: a tenant keeps ten and more of each. */
function isNewest(
  controller: ReplicationController,
  all: ReadonlyMap<string, ReplicationController>,
): boolean {
  const config = controller.metadata.annotations?.[ANNOTATION.config];
  if (config === undefined) return false;
  const version = versionOf(controller, config);
  return ![...all.values()].some(
    (other) =>
      other.metadata.annotations?.[ANNOTATION.config] === config && versionOf(other, config) > version,
  );
}

const versionOf = ({ metadata }: ReplicationController, config: string): number =>
  Number(metadata.name.slice(config.length + 1));
