import type { JSX } from 'preact';
import { renderDuration } from '../../src/cli/render/duration.ts';
import type { FleetPage } from '../../src/desk/contract.ts';
import { useNow } from '../app/clock.ts';
import { Age } from '../parts/age.tsx';
import { Counts } from '../parts/counts.tsx';
import { Marked } from '../parts/marked.tsx';
import { Offers } from '../parts/offers.tsx';
import { ShareBar } from '../parts/share-bar.tsx';
import { PHASE_MARKS } from '../parts/states.ts';
import { plural } from '../words/plural.ts';
import { moment } from '../words/time.ts';
import { MoreActs } from './more-acts.tsx';
import { Stops } from './stops.tsx';

interface FleetHeadProps {
  readonly page: FleetPage;
  /** That it is live. */
  readonly fresh: JSX.Element | null;
  /** Above a part that needs the room: what may be said to the fleet stands on its overview. */
  readonly isShort: boolean;
}

/** What stands above every part of a fleet: where it stands, what stops it, when it will have ended. */
export function FleetHead({ page, fresh, isShort }: FleetHeadProps): JSX.Element {
  const { progress, path, offers, workflow } = page;
  const { name, phase, counts, total, startedBy } = progress;
  return (
    <>
      <div class="head">
        <h1>{name}</h1>
        <Marked mark={PHASE_MARKS[phase]}>{phase}</Marked>
        <span class="muted">{path}</span>
        <Took page={page} />
        {workflow.url !== undefined && (
          <a href={workflow.url} rel="noreferrer">
            in Temporal
          </a>
        )}
        <a href={`/api/report?${new URLSearchParams({ fleet: name }).toString()}`}>report</a>
        {fresh}
      </div>
      <p class="muted under-head">
        {plural(total, 'tenant')}, started by {startedBy.by}: {startedBy.why} · <End page={page} />
      </p>
      <ShareBar counts={counts} total={total} label={`${name}, all tenants`} />
      {!isShort && <Counts counts={counts} fleet={name} />}
      <Stops page={page} />
      {!isShort && (
        <div class="acts">
          <Offers offers={offers} about={name} />
          <MoreActs page={page} />
        </div>
      )}
    </>
  );
}

function Took({ page: { progress } }: { readonly page: FleetPage }): JSX.Element {
  const { startedAt, endedAt } = progress;
  if (endedAt === undefined)
    return (
      <span class="muted">
        for <Age at={startedAt} />
      </span>
    );
  return <span class="muted">took {renderDuration(Date.parse(endedAt) - Date.parse(startedAt))}</span>;
}

/** The estimate of its end, and what it is made from. */
function End({ page: { end, progress } }: { readonly page: FleetPage }): JSX.Element {
  const now = useNow();
  if (progress.endedAt !== undefined) return <>ended at {moment(progress.endedAt)}</>;
  if (!end) return <>end: not known</>;
  if (end.kind === 'unknown') return <>end: unknown, {end.why}</>;
  const { measured } = progress.forecast;
  const basis =
    measured > 0
      ? `from ${plural(measured, 'tenant')} measured`
      : 'from the file’s estimate: none measured yet';
  return (
    <>
      end: about {moment(end.ms)}, in {renderDuration(end.ms - now)} ({basis})
      {end.provided.length > 0 && `, if ${end.provided.join(', and ')}`}
    </>
  );
}
