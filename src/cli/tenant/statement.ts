import { command } from '../../domain/tenant/decisions.ts';
import { isFinal } from '../../domain/tenant/progress.ts';
import { tenantKeyOf, tenantName } from '../../domain/tenant/tenant.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Shown } from '../runs.ts';
import { planResources, stepsResource, TOOL } from '../statement/configuration.ts';
import type { Resource } from '../statement/in-toto.ts';
import { digestOf, statementText } from '../statement/in-toto.ts';
import { tenantTests } from '../statement/tenant-tests.ts';
import { shownJson } from './show-upgrade.ts';

/** Throws CliError of an upgrade of which nobody can say yet how it ended. */
export function refuseUnlessOver({ progress: { tenant, state }, left }: Shown): void {
  if (isFinal(state) || state === 'held' || left) return;
  throw new CliError(
    `the upgrade of ${tenantName(tenant)} is not over (${state}): there is nothing to state yet`,
    {
      hint: `Wait for its end with: ${command(tenant, 'watch')}`,
      exitCode: EXIT.refused,
    },
  );
}

/** What auditors are told of an upgrade, with the digest of its report. */
export function tenantStatement(seen: Shown, report: Resource): string {
  const { progress, planFile } = seen;
  const { kept: _kept, ...entry } = { kept: undefined, ...shownJson(seen) };
  return statementText({
    subject: [report, { name: tenantKeyOf(progress.tenant), digest: digestOf(entry) }],
    configuration: [TOOL, stepsResource(progress.pathHash, []), ...planResources(planFile)],
    tests: tenantTests(progress),
  });
}
