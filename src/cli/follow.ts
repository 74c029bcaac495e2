import { createLogUpdate } from 'log-update';
import type { TenantProgress } from '../domain/progress.ts';
import { isFinal } from '../domain/progress.ts';
import type { ExitCode } from './exit-codes.ts';
import { EXIT } from './exit-codes.ts';
import type { Io } from './io.ts';
import { renderProgress, renderState, renderStepLine, renderSummary } from './render/progress.ts';
import type { Session } from './session.ts';
import type { Upgrade } from './upgrades.ts';
import { findUpgrade, pendingAttempts, readProgress } from './upgrades.ts';

const LOOK_EVERY_MS = 500;

/** Shows an upgrade until it ends or needs a decision; a live screen where a person watches, else a line a change. */
export async function follow(
  session: Session,
  upgrade: Upgrade,
  { json, signal }: { readonly json: boolean; readonly signal: AbortSignal },
): Promise<TenantProgress | undefined> {
  const show = json ? () => undefined : session.io.interactive ? liveScreen(session.io) : lines(session.io);
  let current = upgrade;
  for (;;) {
    const progress = await readProgress(session, current);
    const over = isFinal(progress.state) || progress.state === 'held';
    show(progress, over ? [] : await pendingAttempts(current), over);
    if (over) return progress;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    if (signal.aborted) return undefined;
    current = (await findUpgrade(session, current.tenant)) ?? current;
  }
}

/** What a script is told of where an upgrade stands. */
export function exitCodeOf({ state }: TenantProgress): ExitCode {
  switch (state) {
    case 'blocked':
      return EXIT.blocked;
    case 'held':
      return EXIT.held;
    case 'reverted':
    case 'aborted':
    case 'abandoned':
    case 'skipped':
      return EXIT.notUpgraded;
    default:
      return EXIT.ok;
  }
}

type Show = (
  progress: TenantProgress,
  pending: Awaited<ReturnType<typeof pendingAttempts>>,
  over: boolean,
) => void;

/** The end is printed as a whole: a screen shows only what fits it. */
function liveScreen({ colors, out }: Io): Show {
  const screen = createLogUpdate(process.stdout);
  return (progress, pending, over) => {
    const text = renderProgress(progress, { nowMs: Date.now(), colors, pending });
    if (!over) {
      screen(text);
      return;
    }
    screen.clear();
    screen.done();
    out(text);
  };
}

/** Each change once: steps as they begin and end, pauses, windows, failing attempts. */
function lines({ out, colors }: Io): Show {
  const said = new Set<string>();
  const say = (key: string, line: string): void => {
    if (said.has(key)) return;
    said.add(key);
    out(line);
  };
  let last = '';
  return (progress, pending, over) => {
    const nowMs = Date.now();
    if (progress.state !== last) out(`${stamp(nowMs)} ${renderState(progress, colors)}`);
    last = progress.state;
    if (progress.paused) {
      const { by, why, since } = progress.paused;
      say(`paused ${since}`, `${stamp(nowMs)} paused by ${by}: ${why}`);
    }
    if (progress.opensAt) {
      say(
        `window ${progress.opensAt}`,
        `${stamp(nowMs)} waits for the window that opens at ${progress.opensAt}`,
      );
    }
    for (const step of progress.steps) {
      if (step.status === 'pending' || step.status === 'running') continue;
      say(`${step.id} ${step.status}`, `${stamp(nowMs)} ${renderStepLine(step, nowMs, colors)}`);
    }
    for (const { activity, attempt, message } of pending) {
      if (attempt > 1 && message)
        say(`${activity} ${attempt}`, `${stamp(nowMs)} ${activity}, attempt ${attempt}: ${message}`);
    }
    if (over) out(renderSummary(progress, { nowMs, colors }));
  };
}

const stamp = (ms: number): string => new Date(ms).toISOString().slice(11, 19);
