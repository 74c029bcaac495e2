import type { Cluster } from '../cluster.ts';
import { startAnnotationTrigger } from './annotation-trigger.ts';
import { startDeployer } from './deployer.ts';
import { startDeploymentConfigs } from './deployment-config.ts';
import { startGarbageCollector } from './garbage-collector.ts';
import { startImageImport } from './image-import.ts';
import { startImageTrigger } from './image-trigger.ts';
import { startKubelet } from './kubelet.ts';
import { startReplicationControllers } from './replication-controller.ts';
import { startRouter } from './router.ts';
import { startTriggers } from './triggers.ts';

export function startControllers(cluster: Cluster): void {
  startImageImport(cluster);
  startImageTrigger(cluster);
  startAnnotationTrigger(cluster);
  startTriggers(cluster);
  startDeploymentConfigs(cluster);
  startDeployer(cluster);
  startReplicationControllers(cluster);
  startKubelet(cluster);
  startGarbageCollector(cluster);
  if (cluster.options.router) startRouter(cluster);
}
