/** A moment of a report, to the second: `2026-11-28 22:00:31`. What is no moment stands as it is. */
export const momentOf = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

/** The same without the day, where that is the day of another moment beside it: `22:00:31`. */
export const clockOf = (iso: string, day: string): string =>
  iso.slice(0, 10) === day.slice(0, 10) ? iso.slice(11, 19) : momentOf(iso);
