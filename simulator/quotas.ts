import { ApiError, qualifiedPlural } from './errors.ts';
import type { ResourceType, Store } from './types.ts';

/** A ResourceQuota that counts objects: `hard` by resource, `{secrets: 9}`. */
export interface Quota {
  readonly namespace: string;
  readonly name: string;
  readonly hard: Readonly<Record<string, number>>;
}

/**
 * Object counts that are admitted, as the plugin ResourceQuota of Kubernetes does (kubernetes.io/docs/concepts/policy/resource-quotas,
 * and its error in plugin/pkg/admission/resourcequota/controller.go). It stands after everything else that may refuse a creation.
 */
export class Quotas {
  readonly #store: Store;
  readonly #quotas: Quota[] = [];

  constructor(store: Store) {
    this.#store = store;
  }

  set(quota: Quota): void {
    this.#quotas.push(quota);
  }

  /** Throws 403 where one more object of this resource is more than a quota allows. */
  admit(resource: ResourceType, namespace: string | undefined, name: string): void {
    for (const { name: quota, hard } of this.#quotas.filter((one) => one.namespace === namespace)) {
      const counted = [resource.plural, `count/${qualifiedPlural(resource)}`].find((key) => key in hard);
      if (counted === undefined) continue;
      const used = this.#store.list(resource, namespace).length;
      const limited = hard[counted] ?? 0;
      if (used < limited) continue;
      const why = `exceeded quota: ${quota}, requested: ${counted}=1, used: ${counted}=${used}, limited: ${counted}=${limited}`;
      const group = resource.group ? { group: resource.group } : {};
      throw new ApiError(403, 'Forbidden', `${qualifiedPlural(resource)} "${name}" is forbidden: ${why}`, {
        name,
        ...group,
        kind: resource.plural,
      });
    }
  }
}
