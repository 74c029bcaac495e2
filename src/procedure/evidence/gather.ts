import type { FailureEvidence, PodTrouble } from '../../domain/tenant/failure-evidence.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { Access, TenantApi } from '../../openshift/tenant-api.ts';
import { accessTo } from '../../openshift/tenant-api.ts';
import type { Pod } from '../../openshift/types.ts';
import { bounded, BOUNDS } from './bounded.ts';
import { redactionFor } from './known-values.ts';
import type { Redaction } from './redaction.ts';
import type { Found, Subject } from './trouble.ts';
import { isOnItsWay, troublesOf } from './trouble.ts';
import { warningsOf } from './warnings.ts';

/** Without which evidence is thinner, and says so. */
export const EVIDENCE_RIGHTS: readonly Access[] = [accessTo('list', 'pods'), accessTo('list', 'events')];
/** The same of logs: whoever does not grant it is shown none. */
export const LOG_RIGHT: Access = accessTo('get', 'pods', 'log');

/** A failure is told when it is known: so long at most it waits for what else can be said of it. */
export const LOOKS_FOR_MS = 5_000;
/** Nobody knows then what to take out of what others say. */
export const VALUES = 'the project’s Secrets and variables, so that messages, events and logs are left out';

export interface Looking {
  /** Show the end of logs. */
  readonly withLogs: boolean;
  /** What was seen of pods that may be gone by now. */
  readonly seen?: () => Promise<readonly PodTrouble[]>;
}

/**
 * Looks at why a rollout failed, or does not end. Never fails, and never takes long: what cannot be read is named in what it
 * returns. Whatever it returns has passed the redaction; where that cannot be had, only facts remain.
 */
export async function gatherEvidence(
  api: TenantApi,
  subject: Subject,
  { withLogs, seen = () => Promise.resolve([]) }: Looking,
): Promise<FailureEvidence> {
  const looker = new Looker(api.endedBy(AbortSignal.timeout(LOOKS_FOR_MS)));
  const pods = await looker.read('the pods', (open) => open.list('pods'));
  const found = troublesOf(pods ?? [], subject);
  const [redaction, warnings, logs, before] = await Promise.all([
    looker.read(VALUES, (open) => redactionFor(open, pods ?? [])),
    looker.read('the events', (open) => open.warnings()),
    // At once: the cluster may be taking them away.
    looker.logsOf(found.slice(0, BOUNDS.pods), { withLogs }),
    seen(),
  ]);
  const told = logs.map((one) => withLogSeen(looker.tell(one, redaction), before));
  const kept = told.filter(({ log }) => log);
  const isBegun = found.map((one) => !isOnItsWay(one));
  const troubled = told.filter((_, index) => isBegun[index]);
  const earlier = seenEarlier(before, { pods, troubled });
  return bounded({
    pods: [...earlier, ...(earlier.length > 0 ? troubled : told)],
    events: redaction
      ? warningsOf(warnings ?? [], subject).map(({ about, words }) => `${about} ${redaction.line(words)}`)
      : [],
    // What was read before is not missing.
    missing: looker.missing.filter((what) => !kept.some((one) => what.startsWith(`${logOf(one)}: `))),
  });
}

const logOf = ({ pod, container = '' }: Pick<PodTrouble, 'pod' | 'container'>): string =>
  `the log of pod/${pod}, container ${container}`;

/** Its log, where the pod is there still and its log is gone, as it was read before. */
function withLogSeen(told: PodTrouble, seen: readonly PodTrouble[]): PodTrouble {
  if (told.log) return told;
  const before = seen.find(({ pod, container }) => pod === told.pod && container === told.container);
  return before?.log ? { ...told, log: before.log } : told;
}

/** What was seen of pods that are gone, or that nobody could look at now, and is not to be seen of another one. */
function seenEarlier(
  seen: readonly PodTrouble[],
  { pods, troubled }: { readonly pods: readonly Pod[] | undefined; readonly troubled: readonly PodTrouble[] },
): PodTrouble[] {
  if (!pods) return [...seen];
  const there = new Set(pods.map(({ metadata }) => metadata.name));
  return seen
    .filter(
      ({ pod, role, container }) =>
        !there.has(pod) && !troubled.some((one) => one.role === role && one.container === container),
    )
    .map((one) => ({ ...one, gone: true }));
}

/** A trouble with the end of its log, not yet looked through. */
interface FoundWithLog extends Found {
  readonly text?: string;
}

/** Reads what it can, and remembers what it could not, and why. */
export class Looker {
  readonly missing: string[] = [];
  readonly #api: TenantApi;

  constructor(api: TenantApi) {
    this.#api = api;
  }

  async read<T>(what: string, read: (api: TenantApi) => Promise<T>): Promise<T | undefined> {
    try {
      return await read(this.#api);
    } catch (error) {
      this.missing.push(`${what}: ${whyNot(error)}`);
      return undefined;
    }
  }

  /** The ends of the logs that say most, as they are: nobody may be told them so. */
  logsOf(found: readonly Found[], { withLogs }: { readonly withLogs: boolean }): Promise<FoundWithLog[]> {
    return Promise.all(
      found.map(async (one) => {
        const { pod, container } = one.trouble;
        if (!withLogs || !one.log || container === undefined) return one;
        const text = await this.read(logOf(one.trouble), (api) =>
          api.log(pod, container, { lines: BOUNDS.logLines, previous: one.log === 'previous' }),
        );
        return text === undefined ? one : { ...one, text };
      }),
    );
  }

  /** A trouble as it may be told: its words looked through, with the end of its log. */
  tell({ trouble, text = '' }: FoundWithLog, redaction: Redaction | undefined): PodTrouble {
    const { message, ...facts } = trouble;
    if (!redaction) return facts;
    const told = message === undefined ? facts : { ...facts, message: redaction.line(message) };
    const lines = text
      .split('\n')
      .map((line) => redaction.line(line))
      .filter((line) => line !== '');
    return lines.length === 0 ? told : { ...told, log: lines };
  }
}

function whyNot(error: unknown): string {
  if (isOpenShiftError(error, 'Forbidden')) return 'may not be read (see: threescale-upgrade rbac)';
  if (isOpenShiftError(error, 'NotFound')) return 'not there any more';
  if (isOpenShiftError(error, 'Invalid')) return 'the cluster has none';
  if (isOpenShiftError(error)) return `could not be read (${error.kind})`;
  return 'could not be read in time';
}
