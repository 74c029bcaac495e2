import type { JSX } from 'preact';
import type { FleetJournalEntry } from '../../src/domain/fleet/tenant/entry.ts';
import { Link } from '../app/link.tsx';
import { fleetPath } from '../app/route.ts';
import { moment } from '../words/time.ts';

interface JournalProps {
  readonly entries: readonly FleetJournalEntry[];
  /** Only so many, the newest. */
  readonly latest?: number;
  readonly fleet?: string;
}

/** What happened, newest first: when, what, by whom and why. */
export function Journal({ entries, latest, fleet }: JournalProps): JSX.Element {
  const newest = entries.toReversed();
  const shown = newest.slice(0, latest);
  return (
    <section aria-labelledby="journal" class="wide">
      <h2 id="journal">{latest === undefined ? 'Journal' : 'Latest'}</h2>
      <ol class="journal">
        {shown.map((entry, place) => (
          <li key={`${newest.length - place} ${entry.at}`}>
            <time dateTime={entry.at} class="muted">
              {moment(entry.at)}
            </time>
            <span>
              <b>{entry.event}</b> {entry.detail}
              {entry.actor && (
                <span class="muted">
                  {' '}
                  — {entry.actor.by}: {entry.actor.why}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
      {fleet !== undefined && newest.length > shown.length && (
        <p>
          <Link to={fleetPath(fleet, 'journal')}>all {newest.length} entries</Link>
        </p>
      )}
    </section>
  );
}
