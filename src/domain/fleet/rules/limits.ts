import type { Receiver } from '../../notify/receivers.ts';
import type { SetMessage } from '../fleet-upgrade.ts';
import type { FleetSpec } from '../spec/spec.ts';

type Limits = Partial<
  Pick<FleetSpec, 'maxConcurrent' | 'maxConcurrentPerCluster' | 'failureBudget' | 'waves' | 'notify'>
>;

/** The limits that a message changes, and what to write about it. */
export function limitsAfter(
  spec: FleetSpec,
  { wave: name, maxConcurrent, maxConcurrentPerCluster, failureBudget, notify }: SetMessage,
): { readonly changes: Limits; readonly detail: string } {
  const detail = [
    ...(name === undefined ? [] : [`wave ${name}`]),
    ...(maxConcurrent === undefined ? [] : [`maxConcurrent ${maxConcurrent}`]),
    ...(maxConcurrentPerCluster === undefined ? [] : [`maxConcurrentPerCluster ${maxConcurrentPerCluster}`]),
    ...(failureBudget ? [`failureBudget ${JSON.stringify(failureBudget)}`] : []),
    ...(notify ? [notifyText(notify)] : []),
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
      ...(notify ? { notify: receiversAfter(spec, notify) } : {}),
    },
    detail,
  };
}

const notifyText = (notify: readonly Receiver[]): string =>
  notify.length === 0 ? 'nobody is told any more' : `told: ${notify.map(({ name }) => name).join(', ')}`;

function receiversAfter(
  { notify: before = [] }: FleetSpec,
  notify: readonly Receiver[],
): readonly Receiver[] {
  const names = new Set(notify.map(({ name }) => name));
  return notify.length === 0 ? [] : [...before.filter(({ name }) => !names.has(name)), ...notify];
}
