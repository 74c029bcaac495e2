import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What becomes of each tenant of the demo's fleet. */
export const FLEET = {
  canary: 'canary',
  plain: 'shop',
  reverted: 'billing',
  blocked: 'partners',
  held: 'portal',
  frozen: 'night',
} as const;

const MINUTE_MS = 60_000;

/** The fleet file; `withFreeze`: with the calendar of `writeCalendar`. Returns its path. */
export function writeFleetFile(folder: string, nowMs: number, withFreeze: boolean): string {
  const file = join(folder, 'fleet.yaml');
  const opened = new Date(nowMs - MINUTE_MS);
  const freezes = withFreeze ? ', freezes: [{ calendar: freezes.ics }]' : '';
  writeFileSync(
    file,
    `name: demo
clusters: { sim1: {}, sim2: {} }
tenants:
  - { name: ${FLEET.canary}, cluster: sim1, namespace: ${FLEET.canary} }
  - { name: ${FLEET.plain}, cluster: sim1, namespace: ${FLEET.plain} }
  - { name: ${FLEET.reverted}, cluster: sim1, namespace: ${FLEET.reverted} }
  - { name: ${FLEET.blocked}, cluster: sim2, namespace: ${FLEET.blocked} }
  - { name: ${FLEET.held}, cluster: sim2, namespace: ${FLEET.held} }
  - name: ${FLEET.frozen}
    cluster: sim2
    namespace: ${FLEET.frozen}
    windows: [{ opens: '${opened.getUTCMinutes()} ${opened.getUTCHours()} * * *', durationMinutes: 240, zone: UTC }]${freezes.replace(', ', '\n    ')}
waves:
  - { name: canary, select: { tenants: [${FLEET.canary}] } }
  - { name: day, select: { rest: true }, approval: required }
  - { name: night, select: { tenants: [${FLEET.frozen}] }, approval: required }
failureBudget: { failed: 2, blocked: 1 }
estimate: { stageMinutes: 1, switchMinutes: 1, rollbackMinutes: 1 }
`,
  );
  return file;
}

/** A freeze, as somebody else's calendar would announce it. */
export function writeCalendar(folder: string, fromMs: number, toMs: number): void {
  const event = [
    'BEGIN:VEVENT',
    'UID:demo',
    'SUMMARY:sale of the hour',
    `DTSTART:${icalTime(fromMs)}`,
    `DTEND:${icalTime(toMs)}`,
    'END:VEVENT',
  ];
  const lines = ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//demo//EN', ...event, 'END:VCALENDAR', ''];
  writeFileSync(join(folder, 'freezes.ics'), lines.join('\r\n'));
}

/** `20261224T170000Z`. */
const icalTime = (ms: number): string => `${new Date(ms).toISOString().replaceAll(/[-:]|\.\d+/g, '')}`;
