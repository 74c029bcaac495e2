/** How far the rollout of a DeploymentConfig is. */
export interface PodCount {
  readonly name: string;
  /** Of the new version. */
  readonly ready: number;
  readonly wanted: number;
}

const NAMED = /^dc\/(\S+) (\d+)\/(\d+)$/;

/**
 * As an activity's heartbeat tells it: a name with the value 0 among its counts of failures. A worker of an earlier release,
 * which may take the activity over, adds up all values, and must come to the same sum.
 */
export const heartbeatOf = ({ name, ready, wanted }: PodCount): Readonly<Record<string, 0>> => ({
  [`dc/${name} ${ready}/${wanted}`]: 0,
});

/** What a heartbeat tells; undefined where it tells of no rollout. */
export function podCountIn(details: object): PodCount | undefined {
  for (const key of Object.keys(details)) {
    const [, name, ready, wanted] = NAMED.exec(key) ?? [];
    if (name !== undefined) return { name, ready: Number(ready), wanted: Number(wanted) };
  }
  return undefined;
}

/** The same heartbeat without it: what an earlier attempt has seen is over. */
export function withoutPodCount<T extends object>(details: T): T {
  return Object.fromEntries(Object.entries(details).filter(([key]) => !NAMED.test(key))) as T;
}
