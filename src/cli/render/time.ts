import { DateTime } from 'luxon';
import { shownZone } from './shown-zone.ts';

/** To the second, for lines of a log: `2026-11-28 22:00:31 +01:00`. */
export const stamp = (at: string | number): string => shown(at, 'yyyy-MM-dd HH:mm:ss');

/** To the minute: `2026-11-28 22:00 +01:00`. */
export const moment = (at: string | number): string => shown(at, 'yyyy-MM-dd HH:mm');

/** Times within a text that a workflow has written, which knows no zone but UTC. */
export const withMoments = (text: string): string => text.replaceAll(UTC, moment);

const UTC = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z/g;

function shown(at: string | number, format: string): string {
  const time = DateTime.fromMillis(new Date(at).getTime()).setZone(shownZone());
  return `${time.toFormat(format)} ${time.offset === 0 ? 'UTC' : time.toFormat('ZZ')}`;
}
