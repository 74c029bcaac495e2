/** What stands for all that are too many. */
const OTHERS = 'others';

/** Keeps a label to so many values, the first that are seen: all later ones are counted together, as `others`. */
export class FewLabels {
  readonly #most: number;
  readonly #known = new Set<string>();

  constructor(most: number) {
    this.#most = most;
  }

  of(value: string): string {
    if (this.#known.has(value)) return value;
    if (this.#known.size >= this.#most) return OTHERS;
    this.#known.add(value);
    return value;
  }
}
