import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';

const NOT_FOUND = 5;

/**
 * Whether Temporal gives workflow tasks to this version of a Worker Deployment; undefined where it does not say, as a
 * server that knows no deployments. A deployment that nobody has asked for work yet is none.
 */
export async function takesTasks(
  { connection, options: { namespace } }: Client,
  deploymentName: string,
  buildId: string,
): Promise<boolean | undefined> {
  try {
    const { workerDeploymentInfo } = await connection.workflowService.describeWorkerDeployment({
      namespace,
      deploymentName,
    });
    const { currentDeploymentVersion, rampingDeploymentVersion } = workerDeploymentInfo?.routingConfig ?? {};
    return [currentDeploymentVersion, rampingDeploymentVersion].some((one) => one?.buildId === buildId);
  } catch (error) {
    const code: number | undefined = isGrpcServiceError(error) ? error.code : undefined;
    return code === NOT_FOUND ? false : undefined;
  }
}
