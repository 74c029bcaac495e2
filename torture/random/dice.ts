/** Chance that a seed decides: the same seed throws the same dice, whatever the machine. */
export interface Dice {
  /** From 0, below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  one<T>(items: readonly T[]): T;
  /** So many of them, each once, in the order in which they were drawn. */
  some<T>(items: readonly T[], count: number): T[];
}

/** sfc32, seeded from a text. */
export function dice(seed: string): Dice {
  let [a, b, c, d] = hash(seed);
  const next = (): number => {
    const sum = (a + b + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return (sum >>> 0) / 2 ** 32;
  };
  for (let round = 0; round < 15; round += 1) next();
  const between = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  function one<T>(items: readonly T[]): T {
    const item = items[between(0, items.length - 1)];
    if (item === undefined) throw new Error('there is nothing to choose from');
    return item;
  }
  return {
    next,
    between,
    one,
    chance: (probability) => next() < probability,
    some(items, count) {
      const left = [...items];
      return Array.from({ length: Math.min(count, left.length) }, () => {
        const item = one(left);
        left.splice(left.indexOf(item), 1);
        return item;
      });
    },
  };
}

/** FNV-1a over the text, four times with other beginnings. */
function hash(text: string): [number, number, number, number] {
  const start = (salt: number): number => {
    let value = 0x811c9dc5 ^ salt;
    for (const letter of text) value = Math.imul(value ^ (letter.codePointAt(0) ?? 0), 0x01000193);
    return value | 0;
  };
  return [start(0), start(0x9e3779b9), start(0x243f6a88), start(1)];
}
