import type { FleetResult } from '../../src/domain/fleet/fleet-upgrade.ts';
import type { Evidence, Violation } from './evidence.ts';
import { saidState } from './evidence.ts';

/** A fleet has come to its end, counts every tenant once, and says of each what it is. */
export function judgeFleet(result: FleetResult | undefined, evidences: readonly Evidence[]): Violation[] {
  if (!result) return [{ oracle: 'fleet', what: 'it has not come to its end: a slot, or a word, was lost' }];
  const { progress, tenants } = result;
  const wrong: string[] = [];
  const counted = Object.values(progress.counts).reduce((sum, count) => sum + count, 0);
  if (counted !== evidences.length) wrong.push(`it counts ${counted} tenants, and has ${evidences.length}`);
  for (const evidence of evidences) {
    const { site, namespace } = evidence.tenant;
    const line = tenants.find(
      ({ tenant }) => tenant.context === site.context && tenant.namespace === namespace,
    );
    const state = saidState(evidence);
    if (line?.state !== state)
      wrong.push(
        `it says that ${site.context}/${namespace} is ${line?.state ?? 'unknown'}, which is ${state ?? 'unknown'}`,
      );
  }
  return wrong.map((what) => ({ oracle: 'fleet', what }));
}
