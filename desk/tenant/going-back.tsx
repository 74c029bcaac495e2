import type { JSX } from 'preact';
import type { TenantPage } from '../../src/desk/contract.ts';
import { Marked } from '../parts/marked.tsx';

const CROSSING = {
  ahead: { mark: { sign: '◇', tone: 'good' }, words: 'is ahead: until then everything is undone exactly' },
  crossed: {
    mark: { sign: '◆', tone: 'bad' },
    words: 'is crossed: the database is migrated, and nobody supports going back',
  },
  unsure: { mark: { sign: '?', tone: 'away' }, words: 'may be crossed: nobody has looked yet' },
} as const;

/** The point of no return, and what a revert would do now. */
export function GoingBack({
  page: { revert, pointOfNoReturn, progress },
}: {
  readonly page: TenantPage;
}): JSX.Element {
  const crossing = pointOfNoReturn && CROSSING[pointOfNoReturn.is];
  return (
    <section aria-labelledby="back">
      <h2 id="back">Going back</h2>
      {pointOfNoReturn && crossing ? (
        <p>
          <Marked mark={crossing.mark} sentence>
            The point of no return {crossing.words}.
          </Marked>{' '}
          <span class="muted">
            Step <code>{pointOfNoReturn.step}</code>
          </span>
        </p>
      ) : (
        <p class="muted">Its path has no point of no return.</p>
      )}
      <h3>{revert.possible ? 'What a revert would do now' : 'A revert cannot be said now'}</h3>
      <ul>
        {revert.words.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {progress?.backupSecret !== undefined && (
        <p class="muted">
          The backup: <code>secret/{progress.backupSecret}</code>
        </p>
      )}
      {progress?.leftovers.map((left) => (
        <p key={left}>{left}</p>
      ))}
    </section>
  );
}
