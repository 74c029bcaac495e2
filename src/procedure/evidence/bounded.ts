import type { FailureEvidence, PodTrouble } from '../../domain/tenant/failure-evidence.ts';

/** Of all evidence together, as JSON: Temporal keeps a failure that is tried again only up to 4 KB whole. */
export const LARGEST_EVIDENCE = 2_400;
export const BOUNDS = {
  pods: 3,
  events: 5,
  missing: 4,
  logLines: 20,
  message: 240,
  event: 240,
  logLine: 200,
};

/** Cuts what is long and leaves out what is most: of logs the oldest lines first, then events, then pods. */
export function bounded({ pods, events = [], missing = [] }: FailureEvidence): FailureEvidence {
  let cut: FailureEvidence = {
    pods: pods.slice(0, BOUNDS.pods).map(shortened),
    ...some('events', events.slice(-BOUNDS.events).map(to(BOUNDS.event))),
    ...some('missing', missing.slice(0, BOUNDS.missing).map(to(BOUNDS.message))),
  };
  while (sizeOf(cut) > LARGEST_EVIDENCE) {
    const less = withLess(cut);
    if (!less) break;
    cut = less;
  }
  return cut;
}

export const sizeOf = (evidence: FailureEvidence): number => Buffer.byteLength(JSON.stringify(evidence));

function shortened({ message, image, log = [], ...trouble }: PodTrouble): PodTrouble {
  return {
    ...trouble,
    ...(message === undefined ? {} : { message: to(BOUNDS.message)(message) }),
    ...(image === undefined ? {} : { image: to(BOUNDS.message)(image) }),
    ...some('log', log.slice(-BOUNDS.logLines).map(to(BOUNDS.logLine))),
  };
}

/** The same with a little less in it; undefined where nothing is left to do without. */
function withLess(evidence: FailureEvidence): FailureEvidence | undefined {
  const { pods, events = [], missing = [] } = evidence;
  const shorter = (least: number): FailureEvidence | undefined => {
    const [longest] = [...pods].sort((a, b) => (b.log?.length ?? 0) - (a.log?.length ?? 0));
    if (!longest?.log || longest.log.length <= least) return undefined;
    const { log, ...others } = longest;
    const cut = { ...others, ...some('log', log.slice(1)) };
    return { ...evidence, pods: pods.map((pod) => (pod === longest ? cut : pod)) };
  };
  const fewer = (least: number): FailureEvidence | undefined => {
    const { events: _events, ...others } = evidence;
    return events.length > least ? { ...others, ...some('events', events.slice(1)) } : undefined;
  };
  return (
    shorter(3) ??
    fewer(1) ??
    (pods.length > 1 ? { ...evidence, pods: pods.slice(0, -1) } : undefined) ??
    shorter(0) ??
    fewer(0) ??
    (missing.length > 0 || pods.some(({ message }) => message !== undefined)
      ? { pods: pods.map(({ message: _message, ...facts }) => facts) }
      : undefined)
  );
}

const to =
  (longest: number) =>
  (text: string): string =>
    text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;

const some = <K extends string>(key: K, lines: readonly string[]): { [P in K]?: readonly string[] } =>
  lines.length === 0 ? {} : ({ [key]: lines } as { [P in K]: readonly string[] });
