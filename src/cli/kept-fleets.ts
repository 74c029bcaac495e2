import { join } from 'node:path';
import type { FleetResult } from '../domain/fleet/fleet-upgrade.ts';
import { stateFolder } from '../temporal/folders.ts';
import type { Io } from './io.ts';
import { folderName, keepFile, keptIn, namesIn } from './kept-files.ts';

/** A fleet that has ended, as a file beside the state; its tenants' own reports are kept apart (kept-reports.ts). */
export interface KeptFleet {
  readonly version: 1;
  readonly runId: string;
  readonly result: FleetResult;
}

const fleetReportsFolder = (): string => join(stateFolder(), 'fleet-reports');
const folderOf = (name: string): string => join(fleetReportsFolder(), folderName(name));

/** Keeps it, where nobody has yet. */
export function keepFleet(io: Pick<Io, 'err'>, runId: string, result: FleetResult): void {
  const { name, startedAt } = result.progress;
  const content: KeptFleet = { version: 1, runId, result };
  keepFile(io, { folder: folderOf(name), startedAt, runId, content });
}

/** The newest that is kept of this fleet. */
export const keptFleet = (name: string): FleetResult | undefined => newestIn(folderOf(name));

/** The newest of each fleet of which any is kept, without those of these names. */
export function newestKeptFleets(without: readonly string[] = []): FleetResult[] {
  const passedOver = without.map(folderName);
  return namesIn(fleetReportsFolder())
    .filter((folder) => !passedOver.includes(folder))
    .flatMap((folder) => newestIn(join(fleetReportsFolder(), folder)) ?? []);
}

const newestIn = (folder: string): FleetResult | undefined =>
  keptIn(folder)
    .filter(isFleet)
    .map(({ result }) => result)
    .sort((one, other) => other.progress.startedAt.localeCompare(one.progress.startedAt))[0];

/** False for what is no report that this release can read. */
function isFleet(content: unknown): content is KeptFleet {
  const { version, runId, result } = (content ?? {}) as Partial<KeptFleet>;
  const isOurs = version === 1 && typeof runId === 'string' && typeof result?.progress.startedAt === 'string';
  return isOurs && Array.isArray(result.spec.tenants) && Array.isArray(result.state.entries);
}
