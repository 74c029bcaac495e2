import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { Link } from '../app/link.tsx';
import { fleetPath } from '../app/route.ts';
import { Age } from '../parts/age.tsx';
import { plural } from '../words/plural.ts';
import { moment } from '../words/time.ts';

interface Wait {
  readonly windows: number;
  readonly tenants: number;
  readonly words: string | undefined;
  /** Absent: never. */
  readonly opensAtMs?: number;
  readonly why: string;
}

/** Which windows are waited for, and when the next one opens. */
export function NextWindows({ page }: { readonly page: FleetPage }): JSX.Element {
  const { progress } = page;
  const waits = progress.waitingFor.flatMap(({ windows, tenants, answer }): Wait[] => {
    const words = page.windows.find(({ index }) => index === windows)?.words;
    if (answer?.status === 'never') return [{ windows, tenants, words, why: answer.why }];
    if (answer?.status !== 'closed' && answer?.status !== 'does-not-fit') return [];
    const why =
      answer.status === 'does-not-fit'
        ? 'what is left of the window is too short for one'
        : answer.because === 'freeze'
          ? 'a freeze'
          : 'outside the window';
    return [{ windows, tenants, words, opensAtMs: answer.opensAtMs, why }];
  });
  return (
    <section aria-labelledby="next-windows">
      <h2 id="next-windows">Windows</h2>
      {waits.length === 0 && <p class="muted">Nobody waits for a window.</p>}
      <ul>
        {waits.map(({ windows, tenants, words, opensAtMs, why }) => (
          <li key={windows}>
            {plural(tenants, 'tenant')}: {why}
            {opensAtMs === undefined ? (
              ', for ever'
            ) : (
              <>
                ; opens at {moment(opensAtMs)}, in <Age at={opensAtMs} ahead />
              </>
            )}
            {words !== undefined && <p class="muted">{words}</p>}
          </li>
        ))}
      </ul>
      <p>
        <Link to={fleetPath(progress.name, 'windows')}>All windows as a time line</Link>
      </p>
    </section>
  );
}
