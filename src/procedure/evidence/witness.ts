import type { FailureEvidence, PodTrouble } from '../../domain/tenant/failure-evidence.ts';
import { POD_OF } from '../../openshift/rollout-watch.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { Pod } from '../../openshift/types.ts';
import { gatherEvidence, Looker, LOOKS_FOR_MS, VALUES } from './gather.ts';
import { redactionFor } from './known-values.ts';
import type { Found, Subject } from './trouble.ts';
import { troublesOf } from './trouble.ts';

export interface WitnessOptions {
  readonly withLogs: boolean;
  /** How long between two looks; the first ones come sooner. */
  readonly everyMs?: number | undefined;
  /** Looks at the pods of several DeploymentConfigs at once; absent: at those of this one. */
  readonly pods?: ((api: TenantApi) => Promise<readonly Pod[]>) | undefined;
}

const EVERY_MS = 20_000;
/** What fails at once is seen as well: the first look comes after this part of the time, and each takes twice as long. */
const FIRST_PART = 8;
/** What only takes its time to become ready is looked at closely after so many looks, and once in as many. */
const PATIENCE = 3;

interface Seen {
  readonly key: string;
  readonly told: PodTrouble;
  readonly atMs: number;
}

/**
 * Looks at the pods of a rollout now and then while it rolls: once it has failed, the cluster takes them away, and their logs
 * with them. A look is one request, and a few more where a pod has got into other trouble than at the last. It never fails.
 */
export class Witness {
  readonly #api: TenantApi;
  readonly #withLogs: boolean;
  readonly #everyMs: number;
  readonly #pods: WitnessOptions['pods'];
  readonly #over = new AbortController();
  #subject: Subject | undefined;
  #timer: NodeJS.Timeout | undefined;
  #nextMs: number;
  #looking: Promise<void> | undefined;
  /** By container, what it last looked like; and since when one runs that is not ready. */
  readonly #seen = new Map<string, Seen>();
  readonly #slowSinceMs = new Map<string, number>();

  constructor(api: TenantApi, { withLogs, everyMs = EVERY_MS, pods }: WitnessOptions) {
    this.#api = api.endedBy(this.#over.signal);
    this.#withLogs = withLogs;
    this.#everyMs = everyMs;
    this.#pods = pods;
    this.#nextMs = everyMs / FIRST_PART;
  }

  /** This is the rollout whose pods are looked at from now on; those of another are forgotten. */
  watch(subject: Subject): void {
    if (subject.controller !== this.#subject?.controller) {
      this.#seen.clear();
      this.#slowSinceMs.clear();
      this.#nextMs = this.#everyMs / FIRST_PART;
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
    this.#subject = subject;
    if (!this.#timer && !this.#over.signal.aborted) this.#lookLater();
  }

  #lookLater(): void {
    this.#timer = setTimeout(() => {
      this.#lookLater();
      void this.look();
    }, this.#nextMs);
    this.#nextMs = Math.min(this.#nextMs * 2, this.#everyMs);
  }

  /** One look, or the one that is under way. */
  look(): Promise<void> {
    return (this.#looking ??= this.#see().finally(() => {
      this.#looking = undefined;
    }));
  }

  /** What can be said of a failure, by a look at once and by what was seen before. */
  evidence(subject: Subject): Promise<FailureEvidence> {
    this.watch(subject);
    const seen = async (): Promise<PodTrouble[]> => {
      await this.#looking;
      return [...this.#seen.values()].map(({ told }) => told);
    };
    return gatherEvidence(this.#api, subject, { withLogs: this.#withLogs, seen });
  }

  /** No look any more; the one that is under way is dropped. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#over.abort();
  }

  async #see(): Promise<void> {
    const subject = this.#subject;
    if (!subject) return;
    const looker = new Looker(this.#api.endedBy(AbortSignal.timeout(LOOKS_FOR_MS)));
    const { deploymentConfig: name } = subject;
    const seen = await looker.read('the pods', (api) =>
      this.#pods ? this.#pods(api) : api.list('pods', `${POD_OF}=${name}`),
    );
    if (!seen) return;
    const pods = seen.filter(({ metadata }) => metadata.labels?.[POD_OF] === name);
    const found = troublesOf(pods, subject);
    const there = new Set(pods.map(({ metadata }) => metadata.name));
    for (const [container, { told }] of this.#seen)
      if (there.has(told.pod) && !found.some(({ trouble }) => trouble.container === container))
        this.#seen.delete(container);
    const news = found.filter((one) => this.#isNews(one));
    if (news.length === 0) return;
    const [redaction, logs] = await Promise.all([
      looker.read(VALUES, (api) => redactionFor(api, pods)),
      looker.logsOf(news, { withLogs: this.#withLogs }),
    ]);
    // Of another rollout by now.
    if (subject.controller !== this.#subject?.controller) return;
    for (const one of logs) {
      const told = looker.tell(one, redaction);
      this.#seen.set(one.trouble.container ?? '', { key: one.key, told, atMs: performance.now() });
    }
  }

  #isNews({ key, trouble: { state, container = '', exitCode } }: Found): boolean {
    const nowMs = performance.now();
    const known = this.#seen.get(container);
    const patienceMs = PATIENCE * this.#everyMs;
    if (state !== 'running' || exitCode !== undefined) return known?.key !== key;
    const sinceMs = this.#slowSinceMs.get(key) ?? nowMs;
    this.#slowSinceMs.set(key, sinceMs);
    return nowMs - sinceMs >= patienceMs && nowMs - (known?.atMs ?? 0) >= patienceMs;
  }
}
