import { allowed } from '../rules/budget.ts';
import type { FailureBudget, FleetSpec, Wave } from '../spec/spec.ts';
import { at, waveStarts } from '../spec/spec.ts';

/**
 * How many minutes the fleet needs if nothing goes wrong and no window is shut: its waves, each as fast as its limits
 * let it be, and what lies between them. Approvals are taken to come at once.
 */
export function estimateMinutes(spec: FleetSpec): number {
  const perTenant = spec.estimate.stageMinutes + spec.estimate.switchMinutes;
  const starts = waveStarts(spec);
  return spec.waves.reduce((sum, wave, index) => {
    if (wave.tenants === 0) return sum;
    const isLast = spec.waves.slice(index + 1).every(({ tenants }) => tenants === 0);
    return sum + roundsOf(spec, wave, at(starts, index)) * perTenant + (isLast ? 0 : wave.soakMinutes);
  }, 0);
}

/** How often all slots are filled, one after the other, until each tenant has had one. */
function roundsOf(spec: FleetSpec, wave: Wave, start: number): number {
  const ofCluster = new Map<number, number>();
  for (const { cluster } of spec.tenants.slice(start, start + wave.tenants)) {
    ofCluster.set(cluster, (ofCluster.get(cluster) ?? 0) + 1);
  }
  const atOnce = Math.min(
    spec.maxConcurrent,
    wave.maxConcurrent ?? Infinity,
    strictLimit(spec.failureBudget, spec.tenants.length),
    strictLimit(wave.failureBudget, wave.tenants),
  );
  const ofClusters = [...ofCluster].map(([cluster, tenants]) =>
    Math.ceil(tenants / (at(spec.clusters, cluster).maxConcurrent ?? spec.maxConcurrentPerCluster)),
  );
  return Math.max(Math.ceil(wave.tenants / atOnce), ...ofClusters);
}

function strictLimit(budget: Partial<FailureBudget> | undefined, size: number): number {
  return budget?.strict ? Math.max(1, allowed(budget.failed, size)) : Infinity;
}
