import { Lease } from '../src/procedure/claim/fence.ts';

/**
 * What a worker has read a moment ago, of what does not change once it is written: activities that follow one another read it
 * once. What is as old as a lease is read anew, and forgotten.
 */
export class Recent<T> {
  readonly #read = new Map<string, { readonly lease: Lease; readonly value: T }>();

  /** As it was read a moment ago, or is read now. Rejects as `read` does; what is not there is not remembered. */
  async see(key: string, read: () => Promise<T | undefined>): Promise<T | undefined> {
    for (const [known, { lease }] of this.#read) if (!lease.isFresh) this.#read.delete(known);
    const known = this.#read.get(key);
    if (known) return known.value;
    const lease = new Lease();
    const value = await read();
    if (value !== undefined) this.#read.set(key, { lease, value });
    return value;
  }
}
