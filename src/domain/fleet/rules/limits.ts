import type { SetMessage } from '../fleet-upgrade.ts';
import type { FleetSpec } from '../spec/spec.ts';

type Limits = Partial<
  Pick<FleetSpec, 'maxConcurrent' | 'maxConcurrentPerCluster' | 'failureBudget' | 'waves'>
>;

/** The limits that a message changes, and what to write about it. */
export function limitsAfter(
  spec: FleetSpec,
  { wave: name, maxConcurrent, maxConcurrentPerCluster, failureBudget }: SetMessage,
): { readonly changes: Limits; readonly detail: string } {
  const detail = [
    ...(name === undefined ? [] : [`wave ${name}`]),
    ...(maxConcurrent === undefined ? [] : [`maxConcurrent ${maxConcurrent}`]),
    ...(maxConcurrentPerCluster === undefined ? [] : [`maxConcurrentPerCluster ${maxConcurrentPerCluster}`]),
    ...(failureBudget ? [`failureBudget ${JSON.stringify(failureBudget)}`] : []),
  ].join(', ');
  if (name !== undefined) {
    const waves = spec.waves.map((wave) =>
      wave.name !== name
        ? wave
        : {
            ...wave,
            ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
            ...(failureBudget ? { failureBudget: { ...wave.failureBudget, ...failureBudget } } : {}),
          },
    );
    return { changes: { waves }, detail };
  }
  return {
    changes: {
      ...(maxConcurrent === undefined ? {} : { maxConcurrent }),
      ...(maxConcurrentPerCluster === undefined ? {} : { maxConcurrentPerCluster }),
      ...(failureBudget ? { failureBudget: { ...spec.failureBudget, ...failureBudget } } : {}),
    },
    detail,
  };
}
