import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Span, WindowLine } from '../../src/desk/contract.ts';
import { useNow } from '../app/clock.ts';
import { plural } from '../words/plural.ts';
import { dayOf, midnights, moment, viewersZone } from '../words/time.ts';

const OPENINGS_SHOWN = 5;

/** Each set of windows over the next days, in the zone of whoever looks or in the one it is written in. */
export function Windows({ windows }: { readonly windows: readonly WindowLine[] }): JSX.Element {
  const [isOwn, setOwn] = useState(false);
  const mine = viewersZone();
  return (
    <section aria-labelledby="windows">
      <h2 id="windows">Windows</h2>
      <fieldset class="choice">
        <legend class="unseen">In which zone times are shown</legend>
        <label>
          <input type="radio" name="zone" checked={!isOwn} onChange={() => setOwn(false)} /> in my zone,{' '}
          {mine}
        </label>
        <label>
          <input type="radio" name="zone" checked={isOwn} onChange={() => setOwn(true)} /> in the tenants’
          zone
        </label>
      </fieldset>
      {windows.map((line) => (
        <WindowShown key={line.index} line={line} zone={isOwn ? (line.zones[0] ?? mine) : mine} />
      ))}
    </section>
  );
}

const WIDTH = 1_000;

function WindowShown({ line, zone }: { readonly line: WindowLine; readonly zone: string }): JSX.Element {
  const { words, tenants, waiting, open, frozen, fromMs, untilMs } = line;
  const now = useNow();
  const ahead = open.filter(({ untilMs: end }) => end > now);
  return (
    <article class="window">
      <h3>{words}</h3>
      <p class="muted">
        {plural(tenants, 'tenant')}
        {waiting > 0 && `, ${waiting} of them wait for it now`} · shown in {zone}
      </p>
      <TimeLine line={line} zone={zone} now={now} />
      <ul class="openings">
        {ahead.slice(0, OPENINGS_SHOWN).map((span) => (
          <li key={span.fromMs}>{openingWords(span, { zone, now, fromMs, untilMs })}</li>
        ))}
        {ahead.length > OPENINGS_SHOWN && (
          <li class="muted">
            and {ahead.length - OPENINGS_SHOWN} more until {moment(untilMs, zone)}
          </li>
        )}
        {ahead.length === 0 && <li>Does not open until {moment(untilMs, zone)}.</li>}
        {frozen.map((span) => (
          <li key={`frozen ${span.fromMs}`}>
            frozen{span.name === undefined ? '' : ` for ${span.name}`}: {moment(span.fromMs, zone)} to{' '}
            {moment(span.untilMs, zone)}
          </li>
        ))}
      </ul>
    </article>
  );
}

/** What reaches over the end of what is shown is not said to end there. */
function openingWords(
  { fromMs, untilMs }: Span,
  shown: Span & { readonly zone: string; readonly now: number },
): string {
  const end = untilMs >= shown.untilMs ? 'and stays open' : `to ${moment(untilMs, shown.zone)}`;
  if (fromMs <= shown.now) return `open now, ${end}`;
  return `${moment(fromMs, shown.zone)} ${end}`;
}

interface TimeLineProps {
  readonly line: WindowLine;
  readonly zone: string;
  readonly now: number;
}

function TimeLine({ line: { open, frozen, fromMs, untilMs, words }, zone, now }: TimeLineProps): JSX.Element {
  const x = (ms: number): number =>
    ((Math.min(Math.max(ms, fromMs), untilMs) - fromMs) / Math.max(1, untilMs - fromMs)) * WIDTH;
  const days = midnights({ fromMs, untilMs }, zone);
  const every = Math.ceil(days.length / 15);
  return (
    <svg
      class="time-line"
      viewBox={`0 0 ${WIDTH} 44`}
      role="img"
      aria-label={`${words}, as a time line: the list below says the same`}
    >
      <rect class="fill-empty" y="4" width={WIDTH} height="18" />
      {open.map((span) => (
        <rect
          key={span.fromMs}
          class="fill-good"
          x={x(span.fromMs)}
          y="4"
          width={Math.max(2, x(span.untilMs) - x(span.fromMs))}
          height="18"
        />
      ))}
      {frozen.map((span) => (
        <rect
          key={span.fromMs}
          class="fill-frozen"
          x={x(span.fromMs)}
          y="9"
          width={Math.max(2, x(span.untilMs) - x(span.fromMs))}
          height="8"
        >
          <title>frozen{span.name === undefined ? '' : `: ${span.name}`}</title>
        </rect>
      ))}
      {days.map((at, place) => (
        <g key={at}>
          <line class="tick" x1={x(at)} x2={x(at)} y1="4" y2="26" />
          {place % every === 0 && (
            <text class="tick-text" x={x(at) + 3} y="38">
              {dayOf(at, zone)}
            </text>
          )}
        </g>
      ))}
      <line class="now" x1={x(now)} x2={x(now)} y1="0" y2="28" />
    </svg>
  );
}
