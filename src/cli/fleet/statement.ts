import type { FleetProgress } from '../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { traitsOf } from '../../domain/fleet/tenant/states.ts';
import { someOf } from '../../domain/text/some-of.ts';
import { tenantKeyOf } from '../../domain/tenant/tenant.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import { fileResource, planResources, stepsResource, TOOL } from '../statement/configuration.ts';
import type { Resource, Tests } from '../statement/in-toto.ts';
import { digestOf, statementText, together } from '../statement/in-toto.ts';
import { sorted, tenantTests } from '../statement/tenant-tests.ts';
import { fleetCommand } from './fleet-command.ts';
import { entryOf } from './print-report.ts';
import type { TenantDetail } from './tenants.ts';

/** Throws CliError where there are tenants of which nobody can say yet how they end, or none at all. */
export function refuseUnlessOver({ name, phase }: FleetProgress, lines: readonly TenantLine[]): void {
  const open = lines.filter(({ state }) => ['waiting', 'under-way'].includes(traitsOf(state).stage));
  const names = open.map((line) => line.name);
  if (lines.length > 0 && (phase === 'ended' || open.length === 0)) return;
  throw new CliError(
    lines.length === 0
      ? `the fleet ${name} has no tenant here: there is nothing to state`
      : `the fleet ${name} is not over with ${someOf(names)}: there is nothing to state yet`,
    { hint: `See it with: ${fleetCommand(name, 'status')}`, exitCode: EXIT.refused },
  );
}

/** Gathers what auditors are told of a fleet while its report is written, a tenant at a time. */
export class FleetStatement {
  readonly #spec: FleetSpec;
  readonly #planFile: string | undefined;
  readonly #subject: Resource[] = [];
  readonly #tests: Tests[] = [];
  readonly #hashes = new Set<string>();

  constructor(spec: FleetSpec, planFile: string | undefined) {
    this.#spec = spec;
    this.#planFile = planFile;
  }

  add(detail: TenantDetail): void {
    const { kept: _kept, ...others } = detail;
    this.#subject.push({ name: tenantKeyOf(detail.line.tenant), digest: digestOf(entryOf(others)) });
    this.#tests.push(testsOf(detail));
    if (detail.upgrade) this.#hashes.add(detail.upgrade.pathHash);
  }

  text(report: Resource, progress: FleetProgress): string {
    const fleet = `fleet/${progress.name}`;
    const steps = [...this.#hashes].sort().map((hash) => stepsResource(hash, this.#spec.paths));
    return statementText({
      subject: [report, { name: fleet, digest: digestOf(progress) }, ...this.#subject],
      configuration: [TOOL, fileResource(this.#spec), ...steps, ...planResources(this.#planFile)],
      tests: together(this.#tests),
    });
  }
}

/**
 * As the fleet knows the tenant, and as its own report shows: both must say that it is upgraded. Steps that passed are not named,
 * as there may be hundreds of thousands.
 */
function testsOf({ line, upgrade }: TenantDetail): Tests {
  const name = tenantKeyOf(line.tenant);
  const own = upgrade ? tenantTests(upgrade) : undefined;
  const isOwn = (test: string): boolean => test !== name;
  const parts = {
    passed: [],
    warned: own?.warned.filter(isOwn) ?? [],
    failed: own?.failed.filter(isOwn) ?? [],
  };
  return together([sorted([[name, verdictOf(line, own)]]), parts]);
}

function verdictOf({ state, tenant }: TenantLine, own: Tests | undefined): keyof Tests {
  if (state === 'skipped') return 'warned';
  if (traitsOf(state).share !== 'upgraded') return 'failed';
  // Nothing shows its steps any more.
  if (!own) return 'warned';
  const name = tenantKeyOf(tenant);
  if (own.passed.includes(name)) return 'passed';
  return own.warned.includes(name) ? 'warned' : 'failed';
}
