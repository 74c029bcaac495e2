/** Where nobody asks for another one: the user's own, as TZ or the machine says. */
let zone = 'local';

/** Once per process, before anything is shown; `utc` for `--utc`. */
export function showTimesIn(name: string): void {
  zone = name;
}

/** The zone that times are shown in. */
export const shownZone = (): string => zone;
