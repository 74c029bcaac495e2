import pMap from 'p-map';
import { isOpenShiftError } from './api-error.ts';
import { pathOf } from './resources.ts';
import type { Transport } from './transport.ts';
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

  /** By one list of the whole cluster; where that is forbidden, in each project that the identity can see. */
  async installations(): Promise<Installation[]> {
    try {
      const configs = await this.#list<DeploymentConfig>('/apis/apps.openshift.io/v1/deploymentconfigs', {
        fieldSelector: `metadata.name=${APP}`,
      });
      return configs.map(installationOf);
    } catch (error) {
      if (!isOpenShiftError(error, 'Forbidden')) throw error;
    }
    const projects = await this.#list<{ readonly metadata: { readonly name: string } }>(
      '/apis/project.openshift.io/v1/projects',
    );
    const names = projects.map(({ metadata }) => metadata.name);
    const found = await pMap(names, (name) => this.#lookInto(name), { concurrency: AT_ONCE });
    return found.filter((installation) => installation !== undefined);
  }

  /** Undefined where there is none, or the identity may not look. */
  async #lookInto(namespace: string): Promise<Installation | undefined> {
    try {
      const path = pathOf('deploymentconfigs', namespace, APP);
      return installationOf(await this.#get<DeploymentConfig>(path));
    } catch (error) {
      if (isOpenShiftError(error, 'NotFound', 'Forbidden')) return undefined;
      throw error;
    }
  }

  async #list<T>(path: string, query: Readonly<Record<string, string>> = {}): Promise<T[]> {
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

function installationOf({ metadata, spec }: DeploymentConfig): Installation {
  const version = spec.template.spec.containers
    .flatMap(({ env = [] }) => env.find(({ name }) => name === 'AMP_RELEASE')?.value ?? [])
    .find((value) => /^\d+(\.\d+)+$/.test(value));
  return { namespace: metadata.namespace ?? '', ...(version === undefined ? {} : { version }) };
}
