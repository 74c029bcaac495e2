import { leftBehind } from '../../domain/tenant/left-behind.ts';
import type { StepProgress, TenantProgress } from '../../domain/tenant/progress.ts';
import { tenantKeyOf } from '../../domain/tenant/tenant.ts';
import type { Tests } from './in-toto.ts';

type Verdict = keyof Tests;

/**
 * What an upgrade shows: a test for the tenant as a whole, `cluster/namespace`, one for each step that was come to, and one for
 * each check that found something. Upgraded is the only state that passes; what was taken back, held or left never does.
 */
export function tenantTests(progress: TenantProgress): Tests {
  const name = tenantKeyOf(progress.tenant);
  const checks = new Map<string, Verdict>();
  for (const { check, severity } of progress.findings)
    if (severity === 'fatal' || !checks.has(check))
      checks.set(check, severity === 'fatal' ? 'failed' : 'warned');
  const parts: (readonly [string, Verdict])[] = [
    ...[...checks].map(([check, verdict]) => [`${name}/check/${check}`, verdict] as const),
    ...progress.steps.flatMap((step) => {
      const verdict = verdictOf(step);
      return verdict ? [[`${name}/${step.id}`, verdict] as const] : [];
    }),
  ];
  return sorted([[name, wholeOf(progress, parts)], ...parts]);
}

/** Undefined of what was not come to, or is not over. */
function verdictOf({ status }: Pick<StepProgress, 'status'>): Verdict | undefined {
  switch (status) {
    case 'done':
    case 'unchanged':
    case 'absent':
      return 'passed';
    case 'skipped':
      return 'warned';
    case 'failed':
    case 'reverting':
    case 'reverted':
    case 'not-reverted':
      return 'failed';
    case 'pending':
    case 'running':
      return undefined;
  }
}

/** Upgraded, with something skipped, left behind or warned of, is upgraded with a warning. */
function wholeOf(progress: TenantProgress, parts: readonly (readonly [string, Verdict])[]): Verdict {
  if (progress.state !== 'upgraded' || parts.some(([, verdict]) => verdict === 'failed')) return 'failed';
  const isWarned = leftBehind(progress).length > 0 || parts.some(([, verdict]) => verdict === 'warned');
  return isWarned ? 'warned' : 'passed';
}

/** Tests by how they ended. */
export function sorted(tests: readonly (readonly [string, Verdict])[]): Tests {
  const named = (wanted: Verdict): string[] =>
    tests.filter(([, verdict]) => verdict === wanted).map(([name]) => name);
  return { passed: named('passed'), warned: named('warned'), failed: named('failed') };
}
