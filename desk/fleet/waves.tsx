import type { JSX } from 'preact';
import { renderDuration } from '../../src/cli/render/duration.ts';
import type { FleetPage } from '../../src/desk/contract.ts';
import type { WaveProgress } from '../../src/domain/fleet/show/progress.ts';
import { Age } from '../parts/age.tsx';
import { Counts } from '../parts/counts.tsx';
import { Marked } from '../parts/marked.tsx';
import { ShareBar } from '../parts/share-bar.tsx';
import { WAVE_MARKS } from '../parts/states.ts';
import { plural } from '../words/plural.ts';
import { moment } from '../words/time.ts';

/** In plan order, the current one marked. */
export function Waves({ page }: { readonly page: FleetPage }): JSX.Element {
  const { progress, currentWave } = page;
  return (
    <section aria-labelledby="waves" class="wide">
      <h2 id="waves">Waves</h2>
      <ol class="waves">
        {progress.waves.map((wave, place) => (
          <WaveLine
            key={wave.name}
            wave={wave}
            place={place + 1}
            fleet={progress.name}
            isCurrent={wave.name === currentWave}
          />
        ))}
      </ol>
    </section>
  );
}

interface WaveLineProps {
  readonly wave: WaveProgress;
  readonly place: number;
  readonly fleet: string;
  readonly isCurrent: boolean;
}

function WaveLine({ wave, place, fleet, isCurrent }: WaveLineProps): JSX.Element {
  const { name, total, counts, state } = wave;
  return (
    <li class={isCurrent ? 'wave current' : 'wave'} aria-current={isCurrent ? 'step' : undefined}>
      <div class="wave-name">
        <span class="muted">{place}</span> <b>{name}</b>
        {isCurrent && <span class="tag">now</span>}
      </div>
      <div class="wave-bar">
        <ShareBar counts={counts} total={total} label={`wave ${name}`} />
        {total === 0 ? (
          <p class="muted">nobody: passed over</p>
        ) : (
          <Counts counts={counts} fleet={fleet} wave={name} />
        )}
      </div>
      <div class="wave-state">
        <Marked mark={WAVE_MARKS[state]}>{state}</Marked> <span class="muted">{plural(total, 'tenant')}</span>
        <div class="muted">
          <WaveSays wave={wave} />
        </div>
      </div>
    </li>
  );
}

/** How long, and what it waits for. */
function WaveSays({ wave }: { readonly wave: WaveProgress }): JSX.Element | null {
  const { state, startedAt, doneAt, soakEndsAt, approval, approvedBy, soakMinutes } = wave;
  const approved = approvedBy ? `, approved by ${approvedBy.by}` : '';
  const soak = soakMinutes > 0 ? `, left alone for ${renderDuration(soakMinutes * 60_000)} afterwards` : '';
  switch (state) {
    case 'done':
      return startedAt !== undefined && doneAt !== undefined ? (
        <>
          in {renderDuration(Date.parse(doneAt) - Date.parse(startedAt))}
          {approved}
        </>
      ) : null;
    case 'running':
      return startedAt === undefined ? null : (
        <>
          for <Age at={startedAt} />
          {approved}
          {soak}
        </>
      );
    case 'soaking-before':
      return <>the soak before it ends {soakEndsAt === undefined ? '' : `at ${moment(soakEndsAt)}`}</>;
    case 'awaiting-approval':
      return <>may begin, once somebody says so</>;
    case 'waiting':
      return (
        <>
          {approval === 'required'
            ? approvedBy
              ? `approved by ${approvedBy.by}`
              : 'will need approval'
            : 'begins by itself'}
          {soak}
        </>
      );
  }
}
