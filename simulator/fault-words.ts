/** Where a fault happens; everywhere where nothing is said. */
export interface FaultPlace {
  readonly cluster?: string;
  readonly project?: string;
}

/** A fault as somebody types it who starts the simulator, in order to practise what to do about it. */
export type TypedFault = FaultPlace &
  (
    | {
        readonly kind: 'rollout-fails' | 'hook-fails' | 'import-fails';
        /** A DeploymentConfig; of imports an image, by the name that it has in `NEXT_IMAGES`. */
        readonly name: string;
        /** How often; absent: always. */
        readonly times?: number;
      }
    | { readonly kind: 'broken-image'; readonly name: NextImage }
    | { readonly kind: 'unreachable'; readonly forMs: number }
  );

/** The images that an upgrade brings and that can be made to fail. */
export const NEXT_IMAGES = ['system', 'apicast', 'backend', 'zync'] as const;
export type NextImage = (typeof NEXT_IMAGES)[number];

/** What each kind of fault is, for people who choose one. */
export const FAULT_WORDS = [
  ['rollout-fails=zync:2', 'the next two rollouts of dc/zync fail; without a number all of them do'],
  ['hook-fails=system-app:3', 'the pod of its pre-hook, which migrates the database, fails three times'],
  ['import-fails=zync:2', `an image cannot be imported (${NEXT_IMAGES.join(', ')})`],
  ['broken-image=zync', 'an image can be imported, and no container of it comes to run'],
  ['unreachable=30s', 'no connection to the cluster, for so long from the next change that is made to it'],
] as const;

/** A fault that is none; the message says what is wrong with it and what it may be. */
export class FaultError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'FaultError';
  }
}

const CLUSTER = /^sim[1-9]\d*$/;
const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;

/** Reads `KIND=[CLUSTER/][PROJECT/]WHAT[:TIMES]`. Throws FaultError. */
export function readFault(typed: string): TypedFault {
  const [, kind = '', place = '', what = ''] = /^([^=]*)=((?:[^/]*\/)*)(.*)$/.exec(typed) ?? [];
  const where = readPlace(place);
  switch (kind) {
    case 'rollout-fails':
    case 'hook-fails':
      return { kind, ...where, ...readCounted(what, 'a DeploymentConfig, such as zync') };
    case 'import-fails': {
      const counted = readCounted(what, `an image: ${NEXT_IMAGES.join(', ')}`);
      return { kind, ...where, ...counted, name: readImage(counted.name) };
    }
    case 'broken-image':
      requireWhole(where, 'An image is broken for all projects of a cluster');
      return { kind, ...where, name: readImage(what) };
    case 'unreachable':
      requireWhole(where, 'A cluster is unreachable for all of its projects');
      return { kind, ...where, forMs: readSeconds(what) };
    default:
      throw new FaultError(`Use one of: ${FAULT_WORDS.map(([example]) => example).join(', ')}.`);
  }
}

function readPlace(place: string): FaultPlace {
  const names = place.split('/').slice(0, -1);
  const [first = '', second] = names;
  if (names.length > 2 || names.some((name) => !NAME.test(name)))
    throw new FaultError(
      'Before what fails may stand a cluster, a project, or both, such as sim1/tenant-2/zync.',
    );
  if (names.length === 0) return {};
  if (second !== undefined) {
    if (!CLUSTER.test(first))
      throw new FaultError(`${first} is no cluster: they are called sim1, sim2 and so on.`);
    return { cluster: first, project: second };
  }
  return CLUSTER.test(first) ? { cluster: first } : { project: first };
}

function requireWhole({ project }: FaultPlace, why: string): void {
  if (project !== undefined)
    throw new FaultError(`${why}: a cluster may stand before it, such as sim1, and no project.`);
}

function readCounted(what: string, means: string): { name: string; times?: number } {
  const [name = '', times, ...more] = what.split(':');
  if (!NAME.test(name)) throw new FaultError(`Name ${means}.`);
  if (times === undefined) return { name };
  if (more.length > 0 || !/^[1-9]\d{0,5}$/.test(times))
    throw new FaultError(`Say how often it fails with a whole number from 1 on, such as ${name}:2.`);
  return { name, times: Number(times) };
}

function readImage(name: string): NextImage {
  const image = NEXT_IMAGES.find((known) => known === name);
  if (image === undefined) throw new FaultError(`Name an image: ${NEXT_IMAGES.join(', ')}.`);
  return image;
}

function readSeconds(what: string): number {
  const [, seconds] = /^([1-9]\d{0,5})s$/.exec(what) ?? [];
  if (seconds === undefined) throw new FaultError('Say for how many seconds, such as 30s.');
  return Number(seconds) * 1000;
}
