import type { Event } from '../../openshift/types.ts';
import type { Subject } from './trouble.ts';

export interface Warning {
  /** `pod/zync-3-x7k2p` */
  readonly about: string;
  /** `BackOff (4 times): Back-off restarting failed container`: not yet looked through. */
  readonly words: string;
}

/** What the cluster has warned of, of a rollout, its pods and its DeploymentConfig: newest last. */
export function warningsOf(events: readonly Event[], subject: Subject): Warning[] {
  return events
    .filter((event) => isAbout(event, subject))
    .sort((a, b) => whenOf(a) - whenOf(b))
    .map(({ involvedObject: { kind = '', name = '' }, reason = '', message = '', count = 1 }) => {
      const often = count > 1 ? ` (${count} times)` : '';
      return {
        about: `${SHORT[kind] ?? kind.toLowerCase()}/${name}`,
        words: `${reason}${often}: ${message}`,
      };
    });
}

const SHORT: Readonly<Record<string, string>> = {
  Pod: 'pod',
  ReplicationController: 'rc',
  DeploymentConfig: 'dc',
};

/** A pod that is gone is known by its name alone, which begins with that of its controller. */
function isAbout(
  { involvedObject: { kind, name = '' } }: Event,
  { deploymentConfig, controller }: Subject,
): boolean {
  const own = controller ?? deploymentConfig;
  if (kind === 'Pod') return name.startsWith(`${own}-`) && IS_OF_CONTROLLER.test(name.slice(own.length + 1));
  return (
    (kind === 'ReplicationController' && name === own) ||
    (kind === 'DeploymentConfig' && name === deploymentConfig)
  );
}

/** `x7k2p`, `deploy`, `hook-pre`; with the number of the rollout before it, where nobody has said which. */
const IS_OF_CONTROLLER = /^(\d+-)?(deploy|hook-(pre|mid|post)|[a-z0-9]{5})$/;

function whenOf({ lastTimestamp, eventTime, firstTimestamp, metadata }: Event): number {
  return Date.parse(lastTimestamp ?? eventTime ?? firstTimestamp ?? metadata.creationTimestamp ?? '') || 0;
}
