import type { WorkflowService } from '@temporalio/client';

export interface DeploymentVersion {
  readonly namespace: string;
  readonly deploymentName: string;
  readonly buildId: string;
}

/** Moves a Worker Deployment to this version, once Temporal knows it: its workers must have asked for work. */
export async function makeCurrent(service: WorkflowService, version: DeploymentVersion): Promise<void> {
  for (;;) {
    try {
      await service.setWorkerDeploymentCurrentVersion(version);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
