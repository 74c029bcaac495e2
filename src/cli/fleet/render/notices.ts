import { describeWindows } from '../../../domain/fleet/spec/describe.ts';
import type { Overrun } from '../../../domain/fleet/rules/budget.ts';
import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import type { WindowPolicy } from '../../../domain/windows/policy.ts';
import { afterOverrun } from '../resume.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { Colors } from '../../io.ts';
import { renderDuration } from '../../render/duration.ts';
import type { FleetEnd } from '../../../domain/fleet/show/estimate.ts';
import { plural } from './state.ts';
import { moment } from '../../render/time.ts';

/** What stops it as a whole: who said so and why, and the command that lets it go on. */
export function renderStops(progress: FleetProgress, colors: Colors): string[] {
  const { name, paused, stoppedAt, halted, ending, phase, waves } = progress;
  if (phase === 'ended') return ending ? [`  aborted (${ending.kind}) by ${ending.by}: ${ending.why}`] : [];
  const approvals = waves.filter(({ state }) => state === 'awaiting-approval');
  const go = (verb: string, ...more: string[]): string =>
    `    ${fleetCommand(name, verb, ...more, '--why "…"')}`;
  return [
    ...(paused
      ? [
          colors.yellow(
            `  paused by ${paused.by} since ${moment(paused.since)}: ${paused.why}; ${reach(progress, stoppedAt)}`,
          ),
          go('resume'),
        ]
      : []),
    ...(halted
      ? [
          colors.red(`  halted since ${moment(halted.since)}: ${halted.why}; nothing new starts`),
          ...renderWaysOut(name, halted.overrun),
          go('resume'),
        ]
      : []),
    ...(ending
      ? [
          colors.yellow(
            `  aborted by ${ending.by}: ${ending.why}; ` +
              (ending.kind === 'finish'
                ? 'what is under way finishes'
                : 'what is under way is undone where it can be'),
          ),
        ]
      : []),
    ...approvals.flatMap((wave) => [
      colors.red(
        `  wave ${wave.name} (${plural(wave.total, 'tenant')}) awaits approval` +
          ((paused ?? halted) ? ', and begins once the fleet goes on' : ''),
      ),
      go('approve', `--wave ${wave.name}`),
    ]),
  ];
}

function renderWaysOut(name: string, over: Overrun | undefined): string[] {
  if (!over) return [];
  const { raise, again } = afterOverrun(name, over);
  return ['    try again what failed, or raise the budget; then go on:', `    ${again}`, `    ${raise}`];
}

function reach({ paused }: FleetProgress, stoppedAt: string | undefined): string {
  if (paused?.newOnly) return 'nothing new starts, what is under way goes on';
  return stoppedAt === undefined
    ? 'something under way has not stopped yet'
    : `everything has stopped since ${moment(stoppedAt)}`;
}

/** What a site that no worker serves needs, in one line. */
export function renderUnserved(site: string): string {
  return `no worker serves site ${site}; its tenants wait for: threescale-upgrade worker --site ${site}`;
}

/** The windows that are waited for, and when all will be over. */
export function renderAhead(
  progress: FleetProgress,
  {
    nowMs,
    end,
    windows,
  }: { readonly nowMs: number; readonly end?: FleetEnd; readonly windows?: readonly WindowPolicy[] },
): string[] {
  if (progress.phase === 'ended') return [];
  const waits = progress.waitingFor.flatMap(({ windows: policy, tenants, answer }) => {
    const of = windows?.[policy] ? ` (${describeWindows(windows[policy])})` : '';
    switch (answer?.status) {
      case 'closed':
        return [
          `  ${waiting(tenants)} for the ${answer.because === 'freeze' ? 'end of a freeze' : 'window'} that opens at ${when(answer.opensAtMs, nowMs)}${of}`,
        ];
      case 'does-not-fit':
        return [
          `  ${plural(tenants, 'tenant')}: what is left of the window is too short for one; the next opens at ${when(answer.opensAtMs, nowMs)}${of}`,
        ];
      case 'never':
        return [`  ${waiting(tenants)} for ever: ${answer.why}`];
      case 'open':
      case undefined:
        return [];
    }
  });
  return [...waits, ...(end ? [`  end: ${renderEnd(end, progress, nowMs)}`] : [])];
}

const waiting = (tenants: number): string =>
  `${plural(tenants, 'tenant')} ${tenants === 1 ? 'waits' : 'wait'}`;

function renderEnd(end: FleetEnd, { forecast }: FleetProgress, nowMs: number): string {
  if (end.kind === 'unknown') return `unknown: ${end.why}`;
  const basis =
    forecast.measured > 0
      ? `from ${plural(forecast.measured, 'tenant')} measured`
      : "from the file's estimate: none measured yet";
  const provided = end.provided.length > 0 ? `, if ${end.provided.join(', and ')}` : '';
  return `about ${when(end.ms, nowMs)} (${basis})${provided}`;
}

function when(ms: number, nowMs: number): string {
  return `${moment(ms)}, in ${renderDuration(ms - nowMs)}`;
}
