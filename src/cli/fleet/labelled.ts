import { InvalidArgumentError } from 'commander';
import type { TenantLine } from '../../domain/fleet/show/tenant-lines.ts';
import { hasLabels } from '../../domain/fleet/spec/labels.ts';

/** A value of `--label`, which may be repeated. Throws InvalidArgumentError. */
export function labels(argument: string, before: readonly string[] = []): string[] {
  if (!/^[^=]+=/.test(argument))
    throw new InvalidArgumentError(`Write a key and its value, as in: tier=canary.`);
  return [...before, argument];
}

/** Those that have all of these labels. A fleet that an earlier release started knows none until `fleet apply`. */
export function labelled(
  lines: readonly TenantLine[],
  wanted: readonly string[] = [],
): readonly TenantLine[] {
  return wanted.length === 0 ? lines : lines.filter((line) => hasLabels(line.labels, wanted));
}
