/**
 * What a cluster shows of a rollout that failed: facts of its pods, what was last said of them, and the end of their
 * logs. Everything in it has passed the redaction (redaction.ts), and all of it together is small.
 */
export interface FailureEvidence {
  /** What stands in the way, worst first. */
  readonly pods: readonly PodTrouble[];
  /** Warnings of the cluster, newest last: `pod/zync-3-x7k2p BackOff (12 times): Back-off restarting failed container`. */
  readonly events?: readonly string[];
  /** What could not be looked at, or is left out, each with the reason. */
  readonly missing?: readonly string[];
}

/** One container of a pod that does not do what it should, or a pod that has none yet. */
export interface PodTrouble {
  readonly pod: string;
  /** Whose pod it is: the application's own, one that runs a hook, or the one that carries the rollout out. */
  readonly role: 'application' | 'hook' | 'deployer';
  /** Which hook: `pre`, `mid` or `post`. */
  readonly hook?: string;
  readonly container?: string;
  readonly state: 'waiting' | 'terminated' | 'running' | 'pending';
  /** In the cluster's word: `CrashLoopBackOff`, `OOMKilled`, `Unschedulable`. */
  readonly reason?: string;
  readonly message?: string;
  /** Of its last end. */
  readonly exitCode?: number;
  readonly signal?: number;
  /** Why its last process ended, where it waits to be started again. */
  readonly lastReason?: string;
  readonly restarts?: number;
  readonly image?: string;
  /** The pod is gone since: this is what it last looked like. */
  readonly gone?: true;
  /** The end of its log, oldest line first. */
  readonly log?: readonly string[];
}

/** `pod/zync-3-x7k2p, container zync: CrashLoopBackOff, last OOMKilled, exit code 137, 4 restarts` */
export function describeTrouble(trouble: PodTrouble): string {
  const { pod, container, role, hook, state, reason, exitCode, signal, lastReason, restarts = 0 } = trouble;
  const whose = role === 'hook' ? `the ${hook ?? ''}-hook’s ` : role === 'deployer' ? 'the deployer’s ' : '';
  const where = `${whose}pod/${pod}${container === undefined ? '' : `, container ${container}`}`;
  return `${where}: ${[
    reason ?? WITHOUT_REASON[state],
    ...(lastReason === undefined || lastReason === reason ? [] : [`last ${lastReason}`]),
    ...(exitCode === undefined ? [] : [`exit code ${exitCode}`]),
    ...(signal === undefined ? [] : [`signal ${signal}`]),
    ...(restarts === 0 ? [] : [restarts === 1 ? '1 restart' : `${restarts} restarts`]),
  ].join(', ')}`;
}

/** The worst of it, in half a line: what a message names as the reason. Undefined where nothing was found. */
export function headlineOf({ pods: [worst], events = [] }: FailureEvidence): string | undefined {
  // Of a pod that was gone before anybody looked, the cluster may still say more than its deployer does.
  const said = events.findLast((event) => OF_OTHERS.test(event));
  if (!worst || (worst.role === 'deployer' && said !== undefined)) return said ?? events.at(-1);
  const { image, message, state } = worst;
  const of = image === undefined ? '' : ` of ${cut(image)}`;
  const why = state === 'pending' && message !== undefined ? `: ${cut(message)}` : '';
  return `${describeTrouble(worst)}${of}${why}`;
}

/** `: pod/zync-3-x7k2p, container zync: CrashLoopBackOff`; nothing where nothing is known. */
export function because(evidence: FailureEvidence): string {
  const why = headlineOf(evidence);
  return why === undefined ? '' : `: ${why}`;
}

/** Of a pod that does not only carry the rollout out. */
const OF_OTHERS = /^pod\/(?!\S+-deploy )/;

const LONGEST = 120;
const cut = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;

const WITHOUT_REASON: Readonly<Record<PodTrouble['state'], string>> = {
  waiting: 'is not started',
  terminated: 'has ended',
  running: 'runs, and is not ready',
  pending: 'is not begun',
};
