import type { Cluster } from '../cluster.ts';

export interface InstallOptions {
  readonly template?: string;
}

export async function install(cluster: Cluster, _namespace: string, _options: InstallOptions): Promise<void> {
  await cluster.settle();
}
