const NOT_LOOKED = 'not looked whether an earlier execution has left anything';

/** What is told of a tenant that nobody could look at. */
export const notLooked = (why: string): string => `${NOT_LOOKED}: ${why}`;

/** True where somebody has looked, and found what is left. */
export const isFound = (leftover: string): boolean => !leftover.startsWith(NOT_LOOKED);
