/** Keeps the end of what comes, whatever comes: `limit` bytes of it. */
export class LastBytes {
  readonly #limit: number;
  #kept: Buffer[] = [];
  #size = 0;
  #isWhole = true;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Nothing of what came was let go. */
  get isWhole(): boolean {
    return this.#isWhole && this.#size <= this.#limit;
  }

  add(chunk: Buffer): void {
    this.#kept.push(chunk);
    this.#size += chunk.length;
    // Joined only now and then: small chunks are many.
    if (this.#size > 2 * this.#limit) this.#cut();
  }

  text(): string {
    this.#cut();
    return Buffer.concat(this.#kept).toString('utf8');
  }

  #cut(): void {
    const last = Buffer.concat(this.#kept).subarray(-this.#limit);
    if (last.length < this.#size) this.#isWhole = false;
    // A copy: a part of a buffer would keep all of it.
    this.#kept = [Buffer.from(last)];
    this.#size = last.length;
  }
}
