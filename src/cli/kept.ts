import type { FleetResult } from '../domain/fleet/fleet-upgrade.ts';
import type { TenantProgress } from '../domain/tenant/progress.ts';
import type { TenantRef } from '../domain/tenant/tenant.ts';
import { inPlace, reportStore } from '../reports/find-store.ts';
import * as fleets from '../reports/kept-fleets.ts';
import type { KeptReport } from '../reports/kept-reports.ts';
import * as reports from '../reports/kept-reports.ts';
import type { ReportStore } from '../reports/report-store.ts';
import { ReportStoreError } from '../reports/report-store.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import type { Io } from './io.ts';

/**
 * Reports that are kept (src/reports), as commands work with them: whoever sees an end keeps the report too, and what Temporal
 * lacks is read from there. A store that refuses is a warning, once: nothing fails because of it.
 */
type Tell = Pick<Io, 'err'>;

/** A store that has refused is let alone for so long: each answer may take its time. */
const LET_ALONE_MS = 30_000;

const told = new Set<string>();
let refusedAtMs = -Infinity;

async function ask<T>(
  otherwise: T,
  tell: (why: string) => void,
  work: (store: ReportStore) => Promise<T>,
): Promise<T> {
  if (performance.now() - refusedAtMs < LET_ALONE_MS) return otherwise;
  try {
    return await work(reportStore());
  } catch (error) {
    if (!(error instanceof ReportStoreError)) throw error;
    refusedAtMs = performance.now();
    tell(error.message);
    return otherwise;
  }
}

function once({ err }: Tell, text: string): void {
  if (told.has(text)) return;
  told.add(text);
  err(`warning: ${text}`);
}

const notKept =
  (io: Tell) =>
  (why: string): void => {
    once(io, `the report cannot be kept: ${why}; Temporal keeps it for its retention only`);
  };

const notRead =
  (io: Tell) =>
  (why: string): void => {
    once(io, `what is kept of those that have ended cannot be read: ${why}`);
  };

const silently = (): void => undefined;

export const keepReport = (io: Tell, runId: string, progress: TenantProgress): Promise<void> =>
  ask(undefined, notKept(io), (store) => reports.keepReport(store, runId, progress));

export const keepFleet = (io: Tell, runId: string, result: FleetResult): Promise<void> =>
  ask(undefined, notKept(io), (store) => fleets.keepFleet(store, runId, result));

/** Those of a tenant, newest first. */
export const keptReports = (io: Tell, tenant: TenantRef): Promise<KeptReport[]> =>
  ask([], notRead(io), (store) => reports.keptReports(store, tenant));

export const keptReport = (io: Tell, tenant: TenantRef, runId: string): Promise<KeptReport | undefined> =>
  ask(undefined, notRead(io), (store) => reports.keptReport(store, tenant, runId));

/** Where it cannot be known, there is none: it is only offered. */
export const hasReports = (tenant: TenantRef): Promise<boolean> =>
  ask(false, silently, (store) => reports.hasReports(store, tenant));

/** The newest of each tenant of which any is kept. */
export const newestKept = (io: Tell): Promise<KeptReport[]> =>
  ask([], notRead(io), (store) => reports.newestKept(store));

/** The newest that is kept of this fleet. */
export const keptFleet = (io: Tell, name: string): Promise<FleetResult | undefined> =>
  ask(undefined, notRead(io), (store) => fleets.keptFleet(store, name));

export const hasFleet = (name: string): Promise<boolean> =>
  ask(false, silently, (store) => fleets.hasFleet(store, name));

/** The newest of each fleet of which any is kept, without those of these names. */
export const newestKeptFleets = (io: Tell, without: readonly string[] = []): Promise<FleetResult[]> =>
  ask([], notRead(io), (store) => fleets.newestKeptFleets(store, without));

/** Where what is read from there is kept. */
export const keptIn = (): string => reportStore().place ?? 'no place';

/** Where the report of what is begun here will be kept, as people are told at its start. */
export function keptWhere({ embedded }: Pick<TemporalTarget, 'embedded'>): string {
  const store = reportStore();
  const here = inPlace(store);
  return embedded
    ? `its report is kept ${here}`
    : `its report is kept by its workers, where each says at its start, and ${store.place === undefined ? '' : 'by whoever looks at the end '}${here}`;
}
