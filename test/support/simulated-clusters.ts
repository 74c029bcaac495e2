import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { Clusters } from '../../src/openshift/clusters.ts';

/** Simulated clusters and a kubeconfig that leads to them, in a folder that goes with them; without Temporal. */
export interface SimulatedClusters {
  readonly simulator: Simulator;
  readonly clusters: Clusters;
  readonly folder: string;
  readonly kubeconfig: string;
  close(): Promise<void>;
}

export async function openClusters(
  options: Parameters<typeof startSimulator>[0] = {},
): Promise<SimulatedClusters> {
  const simulator = await startSimulator(options);
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-clusters-'));
  const kubeconfig = join(folder, 'kubeconfig.yaml');
  await simulator.writeKubeconfig(kubeconfig);
  const clusters = new Clusters(kubeconfig);
  return {
    simulator,
    clusters,
    folder,
    kubeconfig,
    close: async () => {
      await clusters.close();
      await simulator.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
