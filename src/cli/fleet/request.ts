import { createHash } from 'node:crypto';
import { receiversByFlags, withFlags } from '../../config/notify-flags.ts';
import { fleetFileError, openFleetFile } from '../../config/fleet/fleet-file.ts';
import type { Identify } from '../../domain/fleet/file/known-clusters.ts';
import type { FleetFile } from '../../domain/fleet/file/fleet-file.ts';
import type { Resolution } from '../../domain/fleet/file/resolve-fleet.ts';
import { resolveFleet } from '../../domain/fleet/file/resolve-fleet.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { FLEET_LIMITS } from '../../domain/fleet/spec/spec.ts';
import { Clusters } from '../../openshift/clusters.ts';
import { KubeconfigError } from '../../openshift/kubeconfig/kubeconfig.ts';
import { travelBytes } from '../../temporal/codec/large-payload-codec.ts';
import { shortHash } from '../tenant/request.ts';

/** A fleet file with every choice made, checked as far as it can be without a cluster. */
export interface FleetRequest {
  readonly spec: FleetSpec;
  /** Each with its file and line. */
  readonly warnings: readonly string[];
  readonly clusters: Clusters;
  /** SHA-256 of the file's text, and of its calendars'. */
  readonly fileHash: string;
}

/** Throws ConfigError with all that is wrong, or KubeconfigError. Reads files only. */
export function fleetRequest(
  options: { readonly file: string; readonly kubeconfig?: string; readonly notify?: readonly string[] },
  warn?: (line: string) => void,
): FleetRequest {
  const nowMs = Date.now();
  const clusters = new Clusters(options.kubeconfig, { warn });
  const byFlags = receiversByFlags(options.notify ?? [], 'fleet');
  const resolve = (data: FleetFile): Resolution =>
    resolveFleet(
      { ...data, notify: withFlags(data.notify ?? [], byFlags) },
      { identify: identifyBy(clusters), hash: shortHash, nowMs },
    );
  const opened = openFleetFile(options.file, nowMs, resolve);
  // One that is named must be there, even where every cluster has its server in the file.
  if (options.kubeconfig !== undefined) clusters.contexts();
  const resolution = resolve(opened.data);
  if (resolution.status === 'problems') throw fleetFileError(opened, resolution.problems);
  const bytes = travelBytes(resolution.spec);
  if (bytes > FLEET_LIMITS.bytes) {
    const message =
      `the fleet is too large for Temporal, ${kilobytes(bytes)} of ${kilobytes(FLEET_LIMITS.bytes)}: every set of windows ` +
      'carries all freezes; have fewer of them, or make two fleets';
    throw fleetFileError(opened, [{ place: ['freezes'], message }]);
  }
  return {
    spec: resolution.spec,
    warnings: resolution.warnings.map(opened.say),
    clusters,
    fileHash: createHash('sha256').update(opened.text).digest('hex'),
  };
}

const kilobytes = (bytes: number): string => `${Math.ceil(bytes / 1_000)} kB`;

function identifyBy(clusters: Clusters): Identify {
  return (context) => {
    try {
      return { identity: clusters.tenant(context, 'any').cluster };
    } catch (error) {
      if (error instanceof KubeconfigError) return { why: error.message };
      throw error;
    }
  };
}
