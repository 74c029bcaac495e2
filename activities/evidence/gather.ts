import type { FailureEvidence, PodTrouble } from '../../src/domain/failure-evidence.ts';
import { isOpenShiftError } from '../../src/openshift/api-error.ts';
import type { Access, TenantApi } from '../../src/openshift/tenant-api.ts';
import { accessTo } from '../../src/openshift/tenant-api.ts';
import type { Pod } from '../../src/openshift/types.ts';
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
  readonly seen?: readonly PodTrouble[];
}

/**
 * Looks at why a rollout failed, or does not end. Never fails, and never takes long: what cannot be read is named in what it
 * returns. Whatever it returns has passed the redaction; where that cannot be had, only facts remain.
 */
export async function gatherEvidence(
  api: TenantApi,
  subject: Subject,
  { withLogs, seen = [] }: Looking,
): Promise<FailureEvidence> {
  const looker = new Looker(api.endedBy(AbortSignal.timeout(LOOKS_FOR_MS)));
  const pods = await looker.read('the pods', (open) => open.list('pods'));
  const found = troublesOf(pods ?? [], subject);
  const [redaction, warnings] = await Promise.all([
    looker.read(VALUES, (open) => redactionFor(open, pods ?? [])),
    looker.read('the events', (open) => open.warnings()),
  ]);
  const told = await Promise.all(
    found.slice(0, BOUNDS.pods).map((one) => looker.tell(one, { redaction, withLogs })),
  );
  const isBegun = found.map((one) => !isOnItsWay(one));
  const troubled = told.filter((_, index) => isBegun[index]);
  const earlier = seenEarlier(seen, { pods, troubled });
  return bounded({
    pods: [...earlier, ...(earlier.length > 0 ? troubled : told)],
    events: redaction
      ? warningsOf(warnings ?? [], subject).map(({ about, words }) => `${about} ${redaction.line(words)}`)
      : [],
    missing: looker.missing,
  });
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

  /** A trouble as it may be told: its words looked through, with the end of its log. */
  async tell(
    { trouble, log }: Found,
    { redaction, withLogs }: { readonly redaction: Redaction | undefined; readonly withLogs: boolean },
  ): Promise<PodTrouble> {
    const { message, ...facts } = trouble;
    if (!redaction) return facts;
    const told = message === undefined ? facts : { ...facts, message: redaction.line(message) };
    const { pod, container } = trouble;
    if (!withLogs || !log || container === undefined) return told;
    const text = await this.read(`the log of pod/${pod}, container ${container}`, (api) =>
      api.log(pod, container, { lines: BOUNDS.logLines, previous: log === 'previous' }),
    );
    const lines = (text ?? '')
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
