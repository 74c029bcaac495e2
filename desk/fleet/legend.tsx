import type { JSX } from 'preact';
import type { PathColumns } from '../../src/desk/contract.ts';
import { Marked } from '../parts/marked.tsx';
import { STEP_MARKS } from '../parts/states.ts';

/** What the signs mean, and what each step is. */
export function Legend({ columns }: { readonly columns: readonly PathColumns[] }): JSX.Element {
  return (
    <details class="legend">
      <summary>Signs and steps</summary>
      <ul class="tally">
        {Object.entries(STEP_MARKS).map(([status, mark]) => (
          <li key={status}>
            <Marked mark={mark}>{status}</Marked>
          </li>
        ))}
        <li>
          <Marked mark={{ sign: '?', tone: 'away' }}>not known: its own upgrade gives no answer</Marked>
        </li>
      </ul>
      {columns.map(({ path, steps }) => (
        <section key={path} aria-label={`Steps of ${path}`}>
          <h3>{path}</h3>
          <ol>
            {steps.map(({ id, title, guide, pointOfNoReturn }) => (
              <li key={id}>
                <code>{id}</code> {title} <span class="muted">(guide: {guide})</span>
                {pointOfNoReturn && <b> point of no return</b>}
              </li>
            ))}
          </ol>
        </section>
      ))}
    </details>
  );
}
