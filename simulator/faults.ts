import type { PodFault } from './pod-troubles.ts';

/** What goes wrong in the simulated world, scripted by tests and demos: deterministic and counted; a share is drawn from a seed. */
export type RequestFault =
  /** Carried out only after this long, also where the client has hung up meanwhile: a write that lands late. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** The same, once this has come true. */
  | { readonly kind: 'wait'; readonly until: Promise<unknown> }
  /** Carried out at once, and answered after this long. */
  | { readonly kind: 'late-answer'; readonly ms: number }
  | {
      readonly kind: 'status';
      readonly code: number;
      readonly reason: string;
      readonly retryAfterSeconds?: number;
    }
  /** The connection is cut before anything is done. */
  | { readonly kind: 'reset' }
  /** Accepted, and never answered; nothing is done. */
  | { readonly kind: 'hang' }
  /** The write is made, and the answer is lost: with the connection, or (`hang`) without a word. */
  | { readonly kind: 'lost-answer'; readonly hang?: boolean }
  | { readonly kind: 'html' }
  /** As for an API group that the server does not have. */
  | { readonly kind: 'no-such-api' }
  | { readonly kind: 'drop-watch'; readonly afterMs: number }
  /** A watch is told that its version is too old (410); other requests go on. */
  | { readonly kind: 'gone' }
  /** A read is answered as things stood this long ago; other requests go on. */
  | { readonly kind: 'stale-read'; readonly ms: number };

export interface RequestMatch {
  readonly method?: string;
  readonly path?: RegExp;
  readonly user?: string;
  readonly namespace?: string;
  /** Let this many matching requests pass first. */
  readonly after?: number;
  /** How many requests it hits; default every one. */
  readonly times?: number;
  /** Hits this part of them, 0 to 1, as drawn from the seed. */
  readonly share?: { readonly of: number; readonly seed: number };
  /** Over this long after it was scripted; default never. */
  readonly forMs?: number;
}

/** A request as faults see it. */
export interface FaultyRequest {
  readonly method: string;
  readonly path: string;
  readonly user: string;
}

interface Scripted {
  readonly match: RequestMatch;
  readonly fault: RequestFault;
  readonly since: number;
  seen: number;
  hit: number;
}

export type WorkKind = 'hook' | 'rollout' | 'import';

/** A fault of the cluster's own work, by object name: `system-app` for hooks and rollouts, an image for imports. */
export interface WorkFault {
  readonly namespace?: string;
  readonly name: string;
  readonly message: string;
  /** Of a failed import, as a Status has it; default InternalError. */
  readonly reason?: string;
  readonly times?: number;
  /** Of a rollout or a hook: what its pods show meanwhile, and print. Absent: the deployer alone fails. */
  readonly pod?: PodFault;
}

/** A request fault in force. */
export interface ScriptedFault {
  /** How many requests have met it. */
  readonly hits: number;
  remove(): void;
}

export interface Faults {
  onRequest(match: RequestMatch, fault: RequestFault): ScriptedFault;
  onWork(kind: WorkKind, fault: WorkFault): () => void;
  /** All request faults that this request meets, in the order they were scripted. */
  request(request: FaultyRequest): RequestFault[];
  /** The fault that this piece of work meets, once. */
  work(kind: WorkKind, namespace: string, name: string): WorkFault | undefined;
  clear(): void;
}

export function createFaults(): Faults {
  const requests = new Set<Scripted>();
  const works = new Set<{ kind: WorkKind; fault: WorkFault; hit: number }>();
  return {
    onRequest(match, fault) {
      const scripted = { match, fault, since: Date.now(), seen: 0, hit: 0 };
      requests.add(scripted);
      return {
        get hits() {
          return scripted.hit;
        },
        remove: () => void requests.delete(scripted),
      };
    },
    onWork(kind, fault) {
      const scripted = { kind, fault, hit: 0 };
      works.add(scripted);
      return () => works.delete(scripted);
    },
    request: (request) =>
      [...requests].filter((scripted) => takes(scripted, request)).map(({ fault }) => fault),
    work(kind, namespace, name) {
      for (const scripted of works) {
        const { fault } = scripted;
        if (scripted.kind !== kind || fault.name !== name) continue;
        if (fault.namespace !== undefined && fault.namespace !== namespace) continue;
        if (fault.times !== undefined && scripted.hit >= fault.times) continue;
        scripted.hit += 1;
        return fault;
      }
      return undefined;
    },
    clear() {
      requests.clear();
      works.clear();
    },
  };
}

function takes(scripted: Scripted, request: FaultyRequest): boolean {
  const { match } = scripted;
  if (match.forMs !== undefined && Date.now() - scripted.since >= match.forMs) return false;
  const [, namespace] = /\/namespaces\/([^/]+)/.exec(request.path) ?? [];
  if (match.namespace !== undefined && match.namespace !== namespace) return false;
  if (match.method !== undefined && match.method !== request.method) return false;
  if (match.path !== undefined && !match.path.test(request.path)) return false;
  if (match.user !== undefined && match.user !== request.user) return false;
  scripted.seen += 1;
  if (scripted.seen <= (match.after ?? 0)) return false;
  if (match.times !== undefined && scripted.hit >= match.times) return false;
  if (match.share && drawn(match.share.seed, scripted.seen) >= match.share.of) return false;
  scripted.hit += 1;
  return true;
}

/** The n-th number of a seed, 0 to 1 (the finalizer of MurmurHash3). */
function drawn(seed: number, n: number): number {
  let mixed = Math.imul(seed, 0x9e3779b1) ^ n;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
