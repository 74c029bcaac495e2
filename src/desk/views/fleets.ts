import pMap from 'p-map';
import { CliError } from '../../cli/cli-error.ts';
import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import { pathsShown } from '../../domain/fleet/show/progress.ts';
import { countOf, NEEDS_SOMEBODY } from '../../domain/fleet/tenant/states.ts';
import type { FleetRow, Fleets } from '../contract.ts';
import type { Source } from '../source/source.ts';

const ASKED_AT_ONCE = 8;

/** All fleets, newest first; one that gives no answer is listed too, with the reason. */
export async function fleetsView(source: Source): Promise<Fleets> {
  const names = await source.fleetNames();
  return { fleets: await pMap(names, (name) => rowOf(source, name), { concurrency: ASKED_AT_ONCE }) };
}

async function rowOf(source: Source, name: string): Promise<FleetRow> {
  try {
    const { found, progress, standsStill } = await source.fleet(name).seen();
    return {
      ...known(progress),
      stand: standsStill === undefined ? progress.phase : `${progress.phase}, stands still`,
      ...(found ? {} : { kept: true }),
    };
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    return { name, startedAt: new Date(0).toISOString(), stand: error.message };
  }
}

function known(progress: FleetProgress): Omit<FleetRow, 'stand'> {
  const { name, startedAt, endedAt, nextWindowAt, phase, total, counts, from, to, waves } = progress;
  return {
    ...{ name, startedAt, phase, total, counts, from, to },
    ...(endedAt === undefined ? {} : { endedAt }),
    ...(nextWindowAt === undefined ? {} : { nextWindowAt }),
    path: pathsShown(progress),
    needs: countOf(counts, NEEDS_SOMEBODY),
    waves: waves.map((wave) => ({
      name: wave.name,
      state: wave.state,
      total: wave.total,
      counts: wave.counts,
    })),
  };
}
