import type { Command } from 'commander';
import { Clusters } from '../../openshift/clusters.ts';

/** What does most of its work without one: one that is named must be there. */
const DOES_WITHOUT: readonly string[] = ['ui'];

/** Of a command that reaches clusters: throws KubeconfigError for what is wrong with it. */
export function lookAtKubeconfig(command: Command): void {
  // The simulator writes one.
  if (command.name() === 'simulator' || !command.options.some(({ long }) => long === '--kubeconfig')) return;
  const { kubeconfig, context } = command.opts<{
    readonly kubeconfig?: string | false;
    readonly context?: unknown;
  }>();
  if (kubeconfig === false || (kubeconfig === undefined && DOES_WITHOUT.includes(command.name()))) return;
  const clusters = new Clusters(kubeconfig);
  clusters.contexts();
  if (typeof context === 'string') clusters.tenant(context, 'any');
}
