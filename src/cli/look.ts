import type { Look } from '../procedure/steps/step-module.ts';
import { shellWord } from '../domain/tenant/decisions.ts';
import { plainDeep } from '../domain/text/plain-text.ts';
import { workflowIdOf } from '../domain/tenant/workflow-id.ts';
import { isOpenShiftError } from '../openshift/api-error.ts';
import { telling } from '../telling.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';
import type { UpgradeRequest } from './tenant/request.ts';
import { IMPERSONATION_SOURCE } from './tenant/request.ts';

/** What of a request a look needs. */
export type Looked = Pick<UpgradeRequest, 'clusters' | 'tenant' | 'path' | 'impersonation'>;

/** Looks at a tenant from here, as the upgrade's own check would, and lets go of its cluster. `say` is told that it takes long. */
export async function lookAt<T>(
  { clusters, tenant, path, impersonation }: Looked,
  say: (line: string) => void,
  read: (look: Look) => Promise<T>,
): Promise<T> {
  try {
    const found = await telling(
      say,
      (seconds) => `waiting for ${tenant.cluster} (${seconds} s)`,
      () =>
        read({
          api: clusters.open(tenant),
          path,
          mark: workflowIdOf(tenant),
          announced: impersonation ? [IMPERSONATION_SOURCE] : [],
        }),
    );
    return plainDeep(found);
  } catch (error) {
    if (!isOpenShiftError(error, 'Forbidden')) throw error;
    throw new CliError(error.message, {
      hint: `Grant what is missing with: threescale-upgrade rbac -n ${shellWord(tenant.namespace)} --bind-user NAME | oc apply -f -`,
      exitCode: EXIT.unreachable,
    });
  } finally {
    await clusters.close();
  }
}
