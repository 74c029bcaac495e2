import { gt } from 'semver';
import packageJson from '../../package.json' with { type: 'json' };
import { shellWord } from '../domain/tenant/decisions.ts';
import type { TemporalTarget } from '../temporal/connection.ts';
import { connectClient } from '../temporal/connection.ts';
import { takesTasks } from '../temporal/deployments.ts';
import type { Release } from '../worker/release.ts';
import { CliError } from './cli-error.ts';

/** What `worker` was told of releases. Throws CliError where that is none. */
export function releaseOf({
  asRelease,
  deployment,
  buildId = packageJson.version,
}: {
  readonly asRelease?: string;
  readonly deployment?: string;
  readonly buildId?: string;
}): Release {
  if (asRelease !== undefined && gt(asRelease, packageJson.version)) {
    throw new CliError(`--as-release ${asRelease} is later than this release, ${packageJson.version}`, {
      hint: 'Name the release of the workers that run beside this one.',
    });
  }
  return {
    asRelease,
    deployment: deployment === undefined ? undefined : { deploymentName: deployment, buildId },
  };
}

/** What whoever starts a worker has to know of it, a line each. */
export async function saidOfRelease(
  { asRelease, deployment }: Release,
  target: TemporalTarget,
): Promise<string[]> {
  const lines =
    asRelease === undefined || asRelease === packageJson.version
      ? []
      : [
          `what running upgrades do is that of release ${asRelease}; start it without --as-release to change that`,
        ];
  if (deployment === undefined) return lines;
  const { deploymentName, buildId } = deployment;
  return [...lines, ...(await saidOfDeployment(target, deploymentName, buildId))];
}

async function saidOfDeployment(target: TemporalTarget, name: string, buildId: string): Promise<string[]> {
  const { client, close } = await connectClient(target);
  try {
    const takes = await takesTasks(client, name, buildId);
    const version = `version ${buildId} of Worker Deployment ${name}`;
    if (takes !== false) return [version];
    const flags = `--namespace ${target.namespace} --deployment-name ${shellWord(name)} --build-id ${shellWord(buildId)}`;
    return [
      `${version}: not the current one, so that it is given no workflows; to make it that: temporal worker deployment set-current-version ${flags}`,
    ];
  } finally {
    await close();
  }
}
