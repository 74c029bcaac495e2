/** Something that is read once for all who ask within its time, and by nobody else while it is being read. */
export class Shared<T> {
  readonly #read: () => Promise<T>;
  readonly #freshMs: () => number;
  #known: { readonly value: T; readonly readMs: number } | undefined;
  #reading: Promise<T> | undefined;

  /** `freshMs`: for how long what was read is as good as what would be read. */
  constructor(read: () => Promise<T>, freshMs: number | (() => number)) {
    this.#read = read;
    this.#freshMs = typeof freshMs === 'number' ? () => freshMs : freshMs;
  }

  /** Rejects as the reading does; what was known before stays known. */
  async get(): Promise<T> {
    const known = this.#known;
    if (known && performance.now() - known.readMs < this.#freshMs()) return known.value;
    this.#reading ??= this.#readNow();
    return this.#reading;
  }

  /** The next one who asks reads it anew. */
  expire(): void {
    if (this.#known) this.#known = { ...this.#known, readMs: -Infinity };
  }

  async #readNow(): Promise<T> {
    try {
      const value = await this.#read();
      this.#known = { value, readMs: performance.now() };
      return value;
    } finally {
      this.#reading = undefined;
    }
  }
}

/** One of each name, made when it is asked for; the one that was asked for the longest ago goes where there are too many. */
export class Cache<T> {
  readonly #most: number;
  readonly #items = new Map<string, T>();

  constructor(most: number) {
    this.#most = most;
  }

  of(name: string, make: () => T): T {
    const item = this.#items.get(name) ?? make();
    this.set(name, item);
    return item;
  }

  get(name: string): T | undefined {
    return this.#items.get(name);
  }

  set(name: string, item: T): void {
    this.#items.delete(name);
    this.#items.set(name, item);
    const [oldest] = this.#items.keys();
    if (this.#items.size > this.#most && oldest !== undefined) this.#items.delete(oldest);
  }

  get all(): readonly T[] {
    return [...this.#items.values()];
  }
}
