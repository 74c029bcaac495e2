import type { JSX } from 'preact';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { moment } from '../words/time.ts';

/** What happened with it, newest first; and what its check found. */
export function TenantJournal({
  progress: { journal, findings },
}: {
  readonly progress: TenantProgress;
}): JSX.Element {
  return (
    <section aria-labelledby="journal" class="wide">
      <h2 id="journal">Journal</h2>
      <ol class="journal">
        {journal.toReversed().map(({ at, event, detail, actor }, place) => (
          <li key={`${journal.length - place} ${at}`}>
            <time dateTime={at} class="muted">
              {moment(at)}
            </time>
            <span>
              <b>{event}</b> {detail}
              {actor && (
                <span class="muted">
                  {' '}
                  — {actor.by}: {actor.why}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {findings.length > 0 && (
        <>
          <h3>What its check found</h3>
          <ul>
            {findings.map(({ check, message, hint }) => (
              <li key={`${check} ${message}`}>
                <code>{check}</code> {message} <span class="muted">{hint}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
