import type { JSX } from 'preact';
import type { FleetPage } from '../../src/desk/contract.ts';
import { Notice } from '../parts/notice.tsx';
import { plural } from '../words/plural.ts';
import { moment } from '../words/time.ts';

/** What stops the fleet as a whole: who said so, and why. */
export function Stops({ page }: { readonly page: FleetPage }): JSX.Element {
  const { progress, standsStill, sitesWithoutWorker } = page;
  const { paused, halted, ending, phase, waves } = progress;
  const approvals = waves.filter(({ state }) => state === 'awaiting-approval');
  return (
    <>
      {standsStill !== undefined && (
        <Notice tone="away" sign="○">
          {standsStill.split('\n').map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      )}
      {sitesWithoutWorker.map((site) => (
        <Notice key={site} tone="away" sign="○">
          <p>
            No worker serves site {site}; its tenants wait for:{' '}
            <code>threescale-upgrade worker --site {site}</code>
          </p>
        </Notice>
      ))}
      {paused && phase !== 'ended' && (
        <Notice tone="warn" sign="‖">
          <p>
            Paused by {paused.by} since {moment(paused.since)}: {paused.why}; {reach(page)}
          </p>
        </Notice>
      )}
      {halted && phase !== 'ended' && (
        <Notice tone="bad" sign="■">
          <p>
            Halted since {moment(halted.since)}: {halted.why}; nothing new starts.
            {halted.overrun && ' Try again what failed, or raise the budget; then let it go on.'}
          </p>
        </Notice>
      )}
      {ending && (
        <Notice tone="warn" sign="◀">
          <p>
            Aborted by {ending.by}: {ending.why}
            {phase !== 'ended' &&
              (ending.kind === 'finish'
                ? '; what is under way finishes'
                : '; what is under way is undone where it can be')}
          </p>
        </Notice>
      )}
      {phase !== 'ended' &&
        approvals.map(({ name, total }) => (
          <Notice key={name} tone="busy" sign="◆">
            <p>
              Wave <b>{name}</b> ({plural(total, 'tenant')}) awaits approval
              {(paused ?? halted) && ', and begins once the fleet goes on'}.
            </p>
          </Notice>
        ))}
    </>
  );
}

function reach({ progress: { paused, stoppedAt } }: FleetPage): string {
  if (paused?.newOnly) return 'nothing new starts, what is under way goes on';
  return stoppedAt === undefined
    ? 'something under way has not stopped yet'
    : `everything has stopped since ${moment(stoppedAt)}`;
}
