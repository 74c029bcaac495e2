import { describeBudget } from '../../../domain/fleet/spec/describe.ts';
import type { FleetSpec } from '../../../domain/fleet/spec/spec.ts';
import { clusterCount } from '../../../domain/fleet/spec/spec.ts';
import { describeVersions } from '../../../domain/fleet/spec/versions.ts';
import type { Colors } from '../../io.ts';
import { renderColumns } from '../../render/columns.ts';
import { plural } from './state.ts';

/** What a fleet is about to do, before it is asked for. */
export function renderFleetSummary(spec: FleetSpec, warnings: readonly string[], colors: Colors): string {
  const { name, paths, tenants, waves } = spec;
  const rows = waves.map((wave) => [
    `  ${wave.name}`,
    String(wave.tenants),
    wave.maxConcurrent === undefined ? '' : String(wave.maxConcurrent),
    wave.soakMinutes === 0 ? '' : `${wave.soakMinutes} min`,
    wave.approval === 'required' ? 'required' : '',
    wave.failureBudget ? describeBudget(wave.failureBudget) : '',
  ]);
  return [
    `${colors.bold(name)}  ${describeVersions(paths)}: ${plural(tenants.length, 'tenant')} on ${plural(clusterCount(spec), 'cluster')}, ` +
      `in ${plural(waves.length, 'wave')}`,
    `  at once: ${spec.maxConcurrent}, ${spec.maxConcurrentPerCluster} of a cluster; budget: ${describeBudget(spec.failureBudget)}`,
    renderColumns(['  wave', 'tenants', 'at once', 'soak after', 'approval', 'budget'], rows),
    ...warnings.map((warning) => colors.yellow(`! ${warning}`)),
  ].join('\n');
}
