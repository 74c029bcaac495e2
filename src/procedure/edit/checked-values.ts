import type { ValueChecks } from '../../domain/tenant/value-check.ts';
import { valueProblem } from '../../domain/tenant/value-check.ts';
import type { Secret } from '../../openshift/types.ts';
import { StepError } from '../step-error.ts';

/** A Secret's value as text; empty where the key is not there. */
export function textAt(data: Secret['data'], key: string): string {
  return Buffer.from(data?.[key] ?? '', 'base64').toString('utf8');
}

/** Why values of a Secret cannot be taken, a sentence each, without the values. */
export function valueProblems(
  data: Secret['data'],
  keys: readonly string[],
  checks: ValueChecks | undefined,
): string[] {
  return keys.flatMap((key) => valueProblem(key, textAt(data, key), checks) ?? []);
}

/**
 * Throws `Invalid` where a value cannot be taken. Asked at the moment of use: a Secret may have been edited since it was
 * checked before.
 */
export function refuseBadValues(
  secret: string,
  data: Secret['data'],
  keys: readonly string[],
  checks: ValueChecks | undefined,
): void {
  const problems = valueProblems(data, keys, checks);
  if (problems.length === 0) return;
  throw new StepError(
    'Invalid',
    `secret/${secret}: ${problems.join('; ')}`,
    `Somebody has edited secret/${secret} since the check: set ${keys.join(' and ')} right, then retry.`,
  );
}
