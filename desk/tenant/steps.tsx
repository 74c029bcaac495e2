import type { JSX } from 'preact';
import { renderDuration } from '../../src/cli/render/duration.ts';
import type { StepProgress, TenantProgress } from '../../src/domain/tenant/progress.ts';
import { useNow } from '../app/clock.ts';
import { Marked } from '../parts/marked.tsx';
import { STEP_MARKS } from '../parts/states.ts';
import { moment } from '../words/time.ts';
import type { TimeSpan } from './spans.ts';
import { spansOf, waitsOf, wholeOf } from './spans.ts';

/** Its steps as a time line: when each was at work, how often it was tried, what it waited for, what went wrong. */
export function Steps({ progress }: { readonly progress: TenantProgress }): JSX.Element {
  const now = useNow();
  const whole = wholeOf(progress, now);
  const waits = waitsOf(progress, now);
  return (
    <section aria-labelledby="steps">
      <h2 id="steps">
        Steps{' '}
        <span class="muted">
          {moment(whole.fromMs)}, {renderDuration(whole.untilMs - whole.fromMs)}{' '}
          {progress.endedAt === undefined ? 'so far' : 'in all'}
        </span>
      </h2>
      <table class="steps">
        <thead>
          <tr>
            <th scope="col">status</th>
            <th scope="col">step</th>
            <th scope="col" class="took">
              took
            </th>
            <th scope="col" class="line">
              when
            </th>
          </tr>
        </thead>
        <tbody>
          {waits.map((wait) => (
            <tr key={`${wait.words} ${wait.fromMs}`} class="waits">
              <td>
                <Marked mark={{ sign: '◷', tone: 'wait' }}>waited</Marked>
              </td>
              <td>{wait.words}</td>
              <td class="took">{renderDuration(wait.untilMs - wait.fromMs)}</td>
              <td class="line">
                <Line whole={whole} spans={[{ ...wait, fill: 'wait' }]} />
              </td>
            </tr>
          ))}
          {progress.steps.map((step) => (
            <StepRow key={step.id} step={step} whole={whole} now={now} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface StepRowProps {
  readonly step: StepProgress;
  readonly whole: TimeSpan;
  readonly now: number;
}

function StepRow({ step, whole, now }: StepRowProps): JSX.Element {
  const { status, title, id, guide, note, failure, undo } = step;
  const { there, back } = spansOf(step, now);
  const mark = STEP_MARKS[status];
  const took =
    (back ?? there) && renderDuration((back ?? there ?? whole).untilMs - (back ?? there ?? whole).fromMs);
  return (
    <tr>
      <td>
        <Marked mark={mark}>{status}</Marked>
      </td>
      <td>
        {title}{' '}
        <span class="muted id">
          {id}, guide {guide}
        </span>
        <Tries step={step} />
        {failure && status !== 'done' && <p class="tone-bad">{failure.message}</p>}
        {failure?.hint !== undefined && status !== 'done' && <p class="hint">{failure.hint}</p>}
        {note !== undefined && status !== 'reverted' && <p class="muted">{note}</p>}
        {undo?.note !== undefined && <p class="muted">taken back: {undo.note}</p>}
      </td>
      <td class="took">{took}</td>
      <td class="line">
        <Line
          whole={whole}
          spans={[
            ...(there ? [{ ...there, fill: back ? 'good' : mark.tone }] : []),
            ...(back ? [{ ...back, fill: mark.tone }] : []),
          ]}
        />
      </td>
    </tr>
  );
}

function Tries({ step: { attempts, undo, status } }: { readonly step: StepProgress }): JSX.Element | null {
  const isGoing = status === 'running' || status === 'reverting';
  const tried = status.startsWith('revert') || status === 'not-reverted' ? (undo?.attempts ?? 0) : attempts;
  if (tried + (isGoing ? 1 : 0) < 2) return null;
  return <b class="tone-warn"> {isGoing ? `attempt ${tried + 1}` : `after ${tried} attempts`}</b>;
}

const WIDTH = 1_000;

/** Where in the whole these lie; what is very short is seen all the same. */
function Line({
  whole,
  spans,
}: {
  readonly whole: TimeSpan;
  readonly spans: readonly (TimeSpan & { readonly fill: string })[];
}): JSX.Element {
  const x = (ms: number): number => ((ms - whole.fromMs) / (whole.untilMs - whole.fromMs)) * WIDTH;
  return (
    <svg class="step-line" viewBox={`0 0 ${WIDTH} 10`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="fill-empty" y="4" width={WIDTH} height="2" />
      {spans.map(({ fromMs, untilMs, fill }) => (
        <rect
          key={fromMs}
          class={`fill-${fill}`}
          x={Math.min(WIDTH - 6, Math.max(0, x(fromMs)))}
          width={Math.max(6, x(untilMs) - x(fromMs))}
          height="10"
        />
      ))}
    </svg>
  );
}
