/** `3 tenants`, `1 tenant`, `10,000 tenants`. */
export const plural = (count: number, noun: string): string =>
  `${number(count)} ${noun}${count === 1 ? '' : 's'}`;

/** `10,000`. */
export const number = (count: number): string => count.toLocaleString('en-US');
