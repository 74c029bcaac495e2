import type { Operation } from 'fast-json-patch';
import type { AccessRule } from './access-rules.ts';
import { isOpenShiftError } from './api-error.ts';
import type { ExecResult } from './exec.ts';
import { execInPod } from './exec.ts';
import type { Source } from './follow.ts';
import { follow } from './follow.ts';
import { groupOf, pathOf, typeOf } from './resources.ts';
import type { Transport } from './transport.ts';
import type { Kinds, Resource } from './types.ts';
import type { WatchEvent } from './watch.ts';

export interface DeleteOptions {
  /** Only this very object, not one that took its name. */
  readonly uid?: string | undefined;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
}

/** What a right is asked for: `create routes/custom-host` in the tenant's namespace. */
export interface Access {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

/** What reads a tenant's objects: the cluster itself, or one look at it. Every failure is an OpenShiftError. */
export interface TenantReader {
  readonly namespace: string;
  readonly signal: AbortSignal | undefined;
  /** Undefined where it is not there. */
  get<R extends Resource>(resource: R, name: string): Promise<Kinds[R] | undefined>;
  list<R extends Resource>(resource: R, labelSelector?: string): Promise<readonly Kinds[R][]>;
}

/** The objects of one tenant's namespace. Every failure is an OpenShiftError. */
export class TenantApi implements TenantReader {
  readonly namespace: string;
  /** Ends every request and every wait. */
  readonly signal: AbortSignal | undefined;
  readonly #transport: Transport;
  readonly #beforeWrite: (() => Promise<void>) | undefined;

  constructor(
    transport: Transport,
    namespace: string,
    signal?: AbortSignal,
    beforeWrite?: () => Promise<void>,
  ) {
    this.#transport = transport;
    this.namespace = namespace;
    this.signal = signal;
    this.#beforeWrite = beforeWrite;
  }

  /** The same, with a question before whatever changes something: where that rejects, nothing is sent. */
  fencedBy(beforeWrite: () => Promise<void>): TenantApi {
    return new TenantApi(this.#transport, this.namespace, this.signal, beforeWrite);
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

  /** Throws `AlreadyExists` where one of that name is there. */
  async create<R extends Resource>(
    resource: R,
    object: Omit<Kinds[R], 'apiVersion' | 'kind'>,
  ): Promise<Kinds[R]> {
    await this.#beforeWrite?.();
    return this.#send<Kinds[R]>('POST', pathOf(resource, this.namespace), {
      body: { ...typeOf(resource), ...object },
    });
  }

  /** JSON patch, all or nothing. A `test` that fails is a `Conflict`. */
  async patch<R extends Resource>(
    resource: R,
    name: string,
    operations: readonly Operation[],
  ): Promise<Kinds[R]> {
    await this.#beforeWrite?.();
    return this.#send<Kinds[R]>('PATCH', pathOf(resource, this.namespace, name), {
      body: operations,
      contentType: 'application/json-patch+json',
    });
  }

  /** False where it was not there. */
  async delete(resource: Resource, name: string, options: DeleteOptions = {}): Promise<boolean> {
    const { uid, propagationPolicy } = options;
    const body = {
      kind: 'DeleteOptions',
      apiVersion: 'v1',
      ...(uid === undefined ? {} : { preconditions: { uid } }),
      ...(propagationPolicy === undefined ? {} : { propagationPolicy }),
    };
    await this.#beforeWrite?.();
    try {
      await this.#send('DELETE', pathOf(resource, this.namespace, name), { body });
      return true;
    } catch (error) {
      if (isOpenShiftError(error, 'NotFound')) return false;
      throw error;
    }
  }

  /** Starts one more rollout of what the DeploymentConfig holds now. */
  async instantiate(name: string): Promise<void> {
    await this.#beforeWrite?.();
    const body = {
      kind: 'DeploymentRequest',
      apiVersion: 'apps.openshift.io/v1',
      name,
      latest: true,
      force: true,
    };
    await this.#send('POST', pathOf('deploymentconfigs', this.namespace, name, 'instantiate'), { body });
  }

  /** Asks the cluster itself, by SelfSubjectAccessReview, whether we may. */
  async may({ verb, group, resource, subresource }: Access): Promise<boolean> {
    const resourceAttributes = {
      namespace: this.namespace,
      verb,
      group,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
    };
    const review = await this.#send<{ status?: { allowed?: boolean } }>(
      'POST',
      '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
      {
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
      await this.#send('GET', `/api/v1/namespaces/${encodeURIComponent(this.namespace)}`);
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

  async exec(pod: string, container: string, command: readonly string[]): Promise<ExecResult> {
    await this.#beforeWrite?.();
    return execInPod(this.#transport.config, { namespace: this.namespace, pod, container, command });
  }

  async #send<T>(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    path: string,
    more: { query?: Record<string, string>; body?: unknown; contentType?: string } = {},
  ): Promise<T> {
    this.signal?.throwIfAborted();
    const { body } = await this.#transport.request({ method, path, signal: this.signal, ...more });
    return body as T;
  }
}

/** `create routes/custom-host` of a resource this client knows. */
export function accessTo(verb: string, resource: Resource, subresource?: string): Access {
  return { verb, group: groupOf(resource), resource, ...(subresource === undefined ? {} : { subresource }) };
}
