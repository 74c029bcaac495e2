import type { Labels } from '../spec/labels.ts';
import type { FleetSpec, FleetTenant } from '../spec/spec.ts';
import { canonicalJson } from './canonical-json.ts';

/** The labels of a fleet's tenants: what several have in common stands once. */
export class LabelSets {
  readonly #places = new Map<string, number>();
  readonly #sets: Labels[] = [];

  /** The place of these, as a tenant names it. */
  of(labels: Labels = {}): Pick<FleetTenant, 'labels'> {
    if (Object.keys(labels).length === 0) return {};
    const key = canonicalJson(labels);
    const known = this.#places.get(key);
    if (known !== undefined) return { labels: known };
    this.#places.set(key, this.#sets.push(labels) - 1);
    return { labels: this.#sets.length - 1 };
  }

  all(): Pick<FleetSpec, 'labels'> {
    return this.#sets.length === 0 ? {} : { labels: this.#sets };
  }
}
