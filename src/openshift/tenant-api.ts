import type { Operation } from 'fast-json-patch';
import { isLabelName } from '../domain/text/object-name.ts';
import { isOpenShiftError, OpenShiftError } from './api-error.ts';
import type { ExecLimits, ExecResult } from './http/exec.ts';
import { execInPod } from './http/exec.ts';
import { NotBegun } from './http/exchange.ts';
import type { Source } from './follow.ts';
import { follow } from './follow.ts';
import type { Listed } from './follow-all.ts';
import { followAll } from './follow-all.ts';
import { groupOf, namespaceChecked, noName, pathOf, pluralOf, typeOf } from './resources.ts';
import type { ApiRequest, Transport } from './http/transport.ts';
import type { Kinds, Resource } from './types.ts';
import type { WatchEvent } from './watch.ts';

export interface DeleteOptions {
  /** Only this very object, not one that took its name. */
  readonly uid?: string | undefined;
  /**
   * Only as it was then: what somebody has written since is a `Conflict`. OpenShift 3.11 (Kubernetes 1.11) ignores this, as
   * deletions know it since Kubernetes 1.14: so the object is also read once more behind the fence, right before.
   */
  readonly resourceVersion?: string | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** What a SelfSubjectRulesReview says an identity may do in a namespace. */
export interface AccessRule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[] | null;
  readonly resources?: readonly string[] | null;
  readonly resourceNames?: readonly string[] | null;
}

/** What a right is asked for: `create routes/custom-host` in the tenant's namespace. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** The objects it is needed for, all of them; absent: any, as their names are not known. */
  readonly names?: readonly string[];
}

/** How often a write passes its fence before it is given up: nothing of it was sent. */
const TRIES = 5;

/** By the time that it could be written, nobody knew any more whether it might. */
export const tooSlow = (): OpenShiftError =>
  new OpenShiftError(
    'Unreachable',
    0,
    'answers come too slowly to write on their strength: nothing was sent',
  );

/** What stands before every write. */
export interface WriteFence {
  /** Rejects where nothing may be written. */
  pass(): Promise<void>;
  /** What `pass` has found is recent enough to rely on: looked at once more as the first byte is about to be sent. */
  readonly isOpen: boolean;
  /**
   * What was let through was not answered, and nothing but a name guards it: it may take effect later, whatever has
   * become of the object by then. (What tests a resourceVersion or a uid is refused then.)
   */
  unguardedLost?(): void;
}

/** What reads a tenant's objects: the cluster itself, or one look at it. Every failure is an OpenShiftError. */
export interface TenantReader {
  readonly namespace: string;
  readonly signal: AbortSignal | undefined;
  /** Undefined where it is not there. */
  get<R extends Resource>(resource: R, name: string): Promise<Kinds[R] | undefined>;
  list<R extends Resource>(resource: R, labelSelector?: string): Promise<readonly Kinds[R][]>;
}

/**
 * The objects of one tenant's namespace, of the cluster for which it was opened and never of another. Every failure is
 * an OpenShiftError, or the signal's reason.
 *
 * Once the signal has aborted, reads are dropped, no write begins, and one that is under way is waited out: then the
 * signal's reason is thrown, or an error that is `unsure` where nobody knows how the write ended.
 */
export class TenantApi implements TenantReader {
  readonly namespace: string;
  /** Ends every read and every wait, and lets no write begin. */
  readonly signal: AbortSignal | undefined;
  /** The certificate of the API server is verified. False: somebody in between could read and change everything. */
  readonly verifiesTls: boolean;
  readonly #transport: Transport;
  readonly #fence: WriteFence | undefined;

  /** Throws `Invalid` for what no namespace can be called. */
  constructor(transport: Transport, namespace: string, signal?: AbortSignal, fence?: WriteFence) {
    this.#transport = transport;
    this.namespace = namespaceChecked(namespace);
    this.verifiesTls = transport.config.getCurrentCluster()?.skipTLSVerify !== true;
    this.signal = signal;
    this.#fence = fence;
  }

  /** The same, given up when this signal aborts too. */
  endedBy(signal: AbortSignal): TenantApi {
    const both = this.signal ? AbortSignal.any([this.signal, signal]) : signal;
    return new TenantApi(this.#transport, this.namespace, both, this.#fence);
  }

  /** The same, with a fence before whatever changes something: where that rejects, nothing is sent. */
  fencedBy(fence: WriteFence): TenantApi {
    return new TenantApi(this.#transport, this.namespace, this.signal, fence);
  }

  async get<R extends Resource>(resource: R, name: string): Promise<Kinds[R] | undefined> {
    try {
      return await this.#send<Kinds[R]>('GET', pathOf(resource, this.namespace, name));
    } catch (error) {
      if (isOpenShiftError(error, 'NotFound')) return undefined;
      throw error;
    }
  }

  async list<R extends Resource>(resource: R, labelSelector?: string): Promise<readonly Kinds[R][]> {
    const query = labelSelector === undefined ? {} : { labelSelector };
    const { items } = await this.#send<{ items: Kinds[R][] | null }>(
      'GET',
      pathOf(resource, this.namespace),
      { query },
    );
    return items ?? [];
  }

  /** What was said of the project's objects and is no good news. */
  async warnings(): Promise<readonly Kinds['events'][]> {
    const query = { fieldSelector: 'type=Warning' };
    const path = pathOf('events', this.namespace);
    const { items } = await this.#send<{ items: Kinds['events'][] | null }>('GET', path, { query });
    return items ?? [];
  }

  /**
   * The end of a container's log, at most so many lines of it; with `previous` that of its process before this one. It holds
   * whatever the application has printed: show none of it unseen.
   */
  async log(
    pod: string,
    container: string,
    { lines, previous = false }: { readonly lines: number; readonly previous?: boolean },
  ): Promise<string> {
    if (!isLabelName(container)) throw noName('container', container);
    const query = { container, tailLines: String(lines), ...(previous ? { previous: 'true' } : {}) };
    const path = pathOf('pods', this.namespace, pod, 'log');
    return this.#transport.text({ method: 'GET', path, query, signal: this.signal });
  }

  /** Throws `AlreadyExists` where one of that name is there. */
  async create<R extends Resource>(
    resource: R,
    object: Omit<Kinds[R], 'apiVersion' | 'kind'>,
  ): Promise<Kinds[R]> {
    return this.#write<Kinds[R]>('POST', pathOf(resource, this.namespace), {
      body: { ...typeOf(resource), ...object },
      isGuarded: false,
    });
  }

  /** JSON patch, all or nothing. A `test` that fails is a `Conflict`. */
  async patch<R extends Resource>(
    resource: R,
    name: string,
    operations: readonly Operation[],
  ): Promise<Kinds[R]> {
    return this.#write<Kinds[R]>('PATCH', pathOf(resource, this.namespace, name), {
      body: operations,
      contentType: 'application/json-patch+json',
      isGuarded: operations.some(({ op, path }) => op === 'test' && path === '/metadata/resourceVersion'),
    });
  }

  /**
   * False where it was not there. Of an image stream's tag the uid is the stream's own: it guards no tag that has been
   * made anew.
   */
  async delete(resource: Resource, name: string, options: DeleteOptions = {}): Promise<boolean> {
    const { uid, resourceVersion, propagationPolicy } = options;
    const preconditions = {
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    };
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      ...(Object.keys(preconditions).length === 0 ? {} : { preconditions }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    };
    try {
      const isGuarded = uid !== undefined && resource !== 'imagestreamtags';
      const path = pathOf(resource, this.namespace, name);
      await this.#write('DELETE', path, { body, isGuarded }, async () => {
        if (resourceVersion !== undefined) await this.#refuseNewer(resource, name, resourceVersion);
      });
      return true;
    } catch (error) {
      if (isOpenShiftError(error, 'NotFound')) return false;
      throw error;
    }
  }

  /** Throws `Conflict` where it was written since; one that is gone is for the deletion to find. */
  async #refuseNewer(resource: Resource, name: string, resourceVersion: string): Promise<void> {
    const found = await this.get(resource, name);
    if (!found || found.metadata.resourceVersion === resourceVersion) return;
    throw new OpenShiftError('Conflict', 0, `DELETE ${resource}/${name}: it was changed meanwhile`);
  }

  /** Starts one more rollout of what the DeploymentConfig holds now. */
  async instantiate(name: string): Promise<void> {
    const body = {
      kind: 'DeploymentRequest',
      apiVersion: 'apps.openshift.io/v1',
      name,
      latest: true,
      force: true,
    };
    const path = pathOf('deploymentconfigs', this.namespace, name, 'instantiate');
    await this.#write('POST', path, { body, isGuarded: false });
  }

  /** Asks the cluster itself, by SelfSubjectAccessReview, whether we may. */
  async may({ names, ...access }: Access): Promise<boolean> {
    const answers = await Promise.all((names ?? [undefined]).map((name) => this.#may(access, name)));
    return answers.every(Boolean);
  }

  async #may(access: Omit<Access, 'names'>, name: string | undefined): Promise<boolean> {
    const resourceAttributes = {
      namespace: this.namespace,
      ...access,
      ...(name === undefined ? {} : { name }),
    };
    const review = await this.#send<{ status?: { allowed?: boolean } }>(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
        readOnly: true,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectAccessReview',
          metadata: {},
          spec: { resourceAttributes },
        },
      },
    );
    return review.status?.allowed === true;
  }

  /** Asks for all that we may do here; undefined where the cluster does not know all of it. */
  async rules(): Promise<readonly AccessRule[] | undefined> {
    try {
      const { status } = await this.#send<{
        status?: { incomplete?: boolean; resourceRules?: AccessRule[] | null };
      }>('POST', '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        readOnly: true,
        body: {
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SelfSubjectRulesReview',
          metadata: {},
          spec: { namespace: this.namespace },
        },
      });
      return status?.incomplete === false ? (status.resourceRules ?? []) : undefined;
    } catch (error) {
      if (isOpenShiftError(error, 'Forbidden', 'NotFound', 'Invalid')) return undefined;
      throw error;
    }
  }

  /** Undefined where we may not look. */
  async namespaceExists(): Promise<boolean | undefined> {
    try {
      await this.#send('GET', `/api/v1/namespaces/${this.namespace}`);
      return true;
    } catch (error) {
      if (isOpenShiftError(error, 'NotFound')) return false;
      if (isOpenShiftError(error, 'Forbidden')) return undefined;
      throw error;
    }
  }

  /** An object that the caller has just had from here, as it changes: see `follow`. */
  follow<R extends Resource>(resource: R, first: Kinds[R]): AsyncGenerator<Kinds[R] | undefined> {
    const { name } = first.metadata;
    const path = pathOf(resource, this.namespace);
    const source: Source<Kinds[R]> = {
      read: () => this.get(resource, name),
      watch: (resourceVersion, signal) => {
        const query = { watch: 'true', fieldSelector: `metadata.name=${name}`, resourceVersion };
        const events = this.#transport.stream({ method: 'GET', path, query, signal });
        return events as AsyncIterable<WatchEvent<Kinds[R]>>;
      },
    };
    return follow(source, first, this.signal);
  }

  /** All objects of a kind, as they change: see `followAll`. */
  followAll<R extends Resource>(
    resource: R,
    isKept?: (object: Kinds[R], all: ReadonlyMap<string, Kinds[R]>) => boolean,
  ): AsyncGenerator<ReadonlyMap<string, Kinds[R]>> {
    const path = pathOf(resource, this.namespace);
    return followAll<Kinds[R]>(
      {
        list: () => this.#send<Listed<Kinds[R]>>('GET', path),
        watch: (resourceVersion, signal) => {
          const query = { watch: 'true', resourceVersion };
          const events = this.#transport.stream({ method: 'GET', path, query, signal });
          return events as AsyncIterable<WatchEvent<Kinds[R]>>;
        },
        ...(isKept ? { isKept } : {}),
      },
      this.signal,
    );
  }

  /**
   * Runs a command in a container: see `execInPod`. Not begun once the signal has aborted; what runs is not cut short by
   * it, and its outcome is told all the same.
   */
  async exec(
    pod: string,
    container: string,
    command: readonly string[],
    limits: ExecLimits = {},
  ): Promise<ExecResult> {
    return this.#fenced((mayBegin) => {
      this.signal?.throwIfAborted();
      const target = { namespace: this.namespace, pod, container, command, mayBegin };
      return execInPod(this.#transport, target, limits);
    });
  }

  /** Whoever meets an error that is unsure may go on all the same, so that the fence is told as well. */
  async #write<T>(
    method: 'POST' | 'PATCH' | 'DELETE',
    path: string,
    { isGuarded, ...more }: Pick<ApiRequest, 'body' | 'contentType'> & { readonly isGuarded: boolean },
    lookBefore?: () => Promise<void>,
  ): Promise<T> {
    try {
      return await this.#fenced(async (mayBegin) => {
        await lookBefore?.();
        return this.#send<T>(method, path, { ...more, mayBegin });
      });
    } catch (error) {
      if (!isGuarded && error instanceof OpenShiftError && error.unsure) this.#fence?.unguardedLost?.();
      throw error;
    }
  }

  /** What was too late to begin, as the connection took its time or the process stood still, passes the fence again. */
  async #fenced<T>(write: (mayBegin?: () => boolean) => Promise<T>): Promise<T> {
    const fence = this.#fence;
    if (!fence) return write();
    for (let tries = 0; tries < TRIES; tries += 1) {
      await fence.pass();
      try {
        return await write(() => fence.isOpen);
      } catch (error) {
        if (!(error instanceof NotBegun)) throw error;
      }
    }
    throw tooSlow();
  }

  async #send<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    more: Pick<ApiRequest, 'query' | 'body' | 'contentType' | 'readOnly' | 'mayBegin'> = {},
  ): Promise<T> {
    const { body } = await this.#transport.request({ method, path, signal: this.signal, ...more });
    return body as T;
  }
}

/** `create routes/custom-host` of a resource this client knows. */
export function accessTo(verb: string, resource: Resource, subresource?: string): Access {
  return {
    verb,
    group: groupOf(resource),
    resource: pluralOf(resource),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** The same right for these objects only: not for `list`, `watch` and `create`, which know no name. */
export function named(access: Access, ...names: readonly string[]): Access {
  return { ...access, names };
}
