import pMap from 'p-map';
import { isOpenShiftError, OpenShiftError } from './api-error.ts';
import { pathOf } from './resources.ts';
import type { Transport } from './http/transport.ts';
import type { DeploymentConfig } from './types.ts';

/** A project that holds a 3scale installation. */
export interface Installation {
  readonly namespace: string;
  /** As system-app's containers name it; absent where they keep it elsewhere. */
  readonly version?: string;
}

interface Page<T> {
  readonly items: readonly T[] | null;
  readonly metadata?: { readonly continue?: string };
}

/** What every installation has. */
const APP = 'system-app';
/** Of a list: a fleet's objects in one answer would be hundreds of megabytes. */
const PAGE = '250';
/** How often a list is begun. */
const LISTED_ANEW = 3;
/** Projects looked into at once, where the identity may not list them all together. */
const AT_ONCE = 8;

/** Finds the installations of one cluster. Every failure is an OpenShiftError. */
export class Discovery {
  /** The cluster's identity, as TenantRef has it. */
  readonly cluster: string;
  readonly #transport: Transport;

  constructor(transport: Transport, cluster: string) {
    this.#transport = transport;
    this.cluster = cluster;
  }

  /**
   * By one list of the whole cluster; where that is forbidden, in each project that the identity can see; where it may
   * see none, in those that are named.
   */
  async installations(named: readonly string[] = []): Promise<Installation[]> {
    try {
      const configs = await this.#list<DeploymentConfig>('/apis/apps.openshift.io/v1/deploymentconfigs', {
        fieldSelector: `metadata.name=${APP}`,
      });
      return configs.map(installationOf);
    } catch (error) {
      if (!isOpenShiftError(error, 'Forbidden')) throw error;
    }
    const seen = await this.#projects();
    if (!seen && named.length === 0) {
      throw new OpenShiftError(
        'Forbidden',
        403,
        'this identity may list neither the deploymentconfigs, the projects nor the namespaces of the cluster: ' +
          'name the projects, as in --namespace shop billing',
      );
    }
    const found = await pMap(seen ?? named, (name) => this.#lookInto(name, seen !== undefined), {
      concurrency: AT_ONCE,
    });
    return found.filter((installation) => installation !== undefined);
  }

  /** Names of all that the identity can see; undefined where it may list neither projects nor namespaces. */
  async #projects(): Promise<string[] | undefined> {
    for (const path of ['/apis/project.openshift.io/v1/projects', '/api/v1/namespaces']) {
      try {
        const list = await this.#list<{ readonly metadata: { readonly name: string } }>(path);
        return list.map(({ metadata }) => metadata.name);
      } catch (error) {
        if (!isNotOffered(error)) throw error;
      }
    }
    return undefined;
  }

  /** Undefined where there is none, or, in a project that nobody named, the identity may not look. */
  async #lookInto(namespace: string, isFound: boolean): Promise<Installation | undefined> {
    try {
      const path = pathOf('deploymentconfigs', namespace, APP);
      return installationOf(await this.#get<DeploymentConfig>(path));
    } catch (error) {
      if (isOpenShiftError(error, 'NotFound', ...(isFound ? (['Forbidden'] as const) : []))) return undefined;
      throw error;
    }
  }

  /** Read anew where it took so long that the server no longer knows where to go on. */
  async #list<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.#pages(path, query);
      } catch (error) {
        if (!isOpenShiftError(error) || error.status !== 410 || tries === LISTED_ANEW) throw error;
      }
    }
  }

  async #pages<T>(path: string, query: Readonly<Record<string, string>>): Promise<T[]> {
    const items: T[] = [];
    let next: string | undefined;
    do {
      const page: Page<T> = await this.#get(path, {
        ...query,
        limit: PAGE,
        ...(next ? { continue: next } : {}),
      });
      items.push(...(page.items ?? []));
      next = page.metadata?.continue;
    } while (next);
    return items;
  }

  async #get<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T> {
    const { body } = await this.#transport.request({ method: 'GET', path, query });
    return body as T;
  }
}

/** An API server answers 404 for a group that it does not have, and not always as an API does. */
function isNotOffered(error: unknown): boolean {
  return (
    isOpenShiftError(error, 'Forbidden', 'NotFound') || (isOpenShiftError(error) && error.status === 404)
  );
}

function installationOf({ metadata, spec }: DeploymentConfig): Installation {
  const version = spec.template.spec.containers
    .flatMap(({ env = [] }) => env.find(({ name }) => name === 'AMP_RELEASE')?.value ?? [])
    .find((value) => /^\d+(\.\d+)+$/.test(value));
  return { namespace: metadata.namespace ?? '', ...(version === undefined ? {} : { version }) };
}
