import type { JSX } from 'preact';
import { renderDuration } from '../../src/cli/render/duration.ts';
import { useNow } from '../app/clock.ts';
import { moment } from '../words/time.ts';

/** How long ago, or in how long, anew every second; the moment itself on a look at it. */
export function Age({ at, ahead }: { readonly at: string | number; readonly ahead?: boolean }): JSX.Element {
  const now = useNow();
  const ms = new Date(at).getTime();
  if (Number.isNaN(ms)) return <span class="muted">—</span>;
  const shown = whole(ahead ? ms - now : now - ms);
  return (
    <time dateTime={new Date(ms).toISOString()} title={moment(ms)} class="age">
      {shown}
    </time>
  );
}

/** Tenths of seconds would flicker. */
const whole = (ms: number): string => renderDuration(Math.max(0, ms)).replace(/\.\d (?=s$)/, ' ');
