import type { JSX } from 'preact';
import type { TenantPage } from '../../src/desk/contract.ts';
import type { HeldStatus } from '../../src/domain/tenant/progress.ts';
import { isFinal } from '../../src/domain/tenant/progress.ts';
import { Age } from '../parts/age.tsx';
import { Notice } from '../parts/notice.tsx';
import { Offers } from '../parts/offers.tsx';
import { moment } from '../words/time.ts';
import { Evidence } from './evidence.tsx';

/** What somebody must know of it now, and what may be said, each with what comes of it. */
export function Situation({ page }: { readonly page: TenantPage }): JSX.Element {
  const { progress, unknown, standsStill, endedFromOutside, kept, line, offers, name } = page;
  return (
    <>
      {unknown !== undefined && (
        <Notice tone="away" sign="?">
          <p>Nothing more is known: {unknown}</p>
        </Notice>
      )}
      {!progress && unknown === undefined && <p class="muted">It has not begun.</p>}
      {standsStill !== undefined && (
        <Notice tone="away" sign="○">
          {standsStill.split('\n').map((text) => (
            <p key={text}>{text}</p>
          ))}
        </Notice>
      )}
      {endedFromOutside !== undefined && (
        <Notice tone="bad" sign="!">
          <p>It was ended from outside: {endedFromOutside} This is where it stood then.</p>
        </Notice>
      )}
      {kept && <p class="muted">Temporal has forgotten it: this is from its kept report.</p>}
      {line?.state === 'unreachable' && (
        <Notice tone="away" sign="?">
          <p>Its cluster does not answer: {line.failure?.message}</p>
        </Notice>
      )}
      {progress?.held && <Held held={progress.held} />}
      {!progress?.held && line?.failure && line.state !== 'unreachable' && (
        <Notice tone="bad" sign="✗">
          <p>{line.failure.message}</p>
          {line.failure.hint !== undefined && <p class="hint">{line.failure.hint}</p>}
        </Notice>
      )}
      <Waits page={page} />
      <Offers offers={offers} about={name} words />
    </>
  );
}

function Held({ held }: { readonly held: HeldStatus }): JSX.Element {
  const { stepId, since, failure, pausedDeploymentConfigs, rolledDeploymentConfigs = [] } = held;
  const named = (names: readonly string[]): string => names.map((name) => `dc/${name}`).join(', ');
  return (
    <Notice tone="bad" sign="✗">
      <p>
        Held at <code>{stepId}</code> for <Age at={since} />: {failure.message}
      </p>
      {failure.hint !== undefined && <p class="hint">{failure.hint}</p>}
      {pausedDeploymentConfigs.length > 0 && <p>Paused meanwhile: {named(pausedDeploymentConfigs)}</p>}
      {rolledDeploymentConfigs.length > 0 && (
        <p>Run the new version still: {named(rolledDeploymentConfigs)}</p>
      )}
      {failure.evidence && <Evidence evidence={failure.evidence} />}
    </Notice>
  );
}

/** Why nothing moves, where nothing has failed; and what is tried again. */
function Waits({ page: { progress, pending } }: { readonly page: TenantPage }): JSX.Element {
  const tries = pending.filter(({ attempt, message }) => attempt > 1 && message !== undefined);
  const waits = progress !== undefined && !isFinal(progress.state);
  return (
    <>
      {waits && progress.paused && (
        <Notice tone="warn" sign="‖">
          <p>
            Paused by {progress.paused.by} since {moment(progress.paused.since)}: {progress.paused.why}
          </p>
        </Notice>
      )}
      {waits && progress.opensAt !== undefined && (
        <Notice tone="busy" sign="◷">
          <p>
            Waits for the maintenance window that opens at {moment(progress.opensAt)}, in{' '}
            <Age at={progress.opensAt} ahead />.
          </p>
        </Notice>
      )}
      {tries.map(({ activity, attempt, at, failureType, message }) => (
        <Notice
          key={`${activity} ${attempt}`}
          tone={failureType === 'Unreachable' ? 'away' : 'warn'}
          sign={failureType === 'Unreachable' ? '?' : '↻'}
        >
          <p>
            {activity}:{' '}
            {failureType === 'Unreachable' ? 'the cluster does not answer' : (failureType ?? 'failed')},
            attempt {attempt}: {message}
            {at !== undefined && (
              <span class="muted">
                {' '}
                (<Age at={at} /> ago)
              </span>
            )}
          </p>
        </Notice>
      ))}
    </>
  );
}
