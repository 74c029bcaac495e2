import type { StreamEvents, ViewAnswer, ViewName, ViewRequest } from '../../src/desk/contract.ts';
import { API } from '../../src/desk/contract.ts';
import { applied } from '../../src/desk/delta.ts';
import { get, problemIn, queryOf, UNKNOWN } from './api.ts';
import { setServerClock } from './clock.ts';

/** Whether what is shown comes from the server now. */
export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /**
   * Broken: tried again at `retryMs`; `sinceMs`: when something was heard last; `answers`: the server does when it is asked, so
   * that something between holds its stream back.
   */
  | { readonly kind: 'broken'; readonly sinceMs: number; readonly retryMs: number; readonly answers?: true }
  /** Never to be had: there is nothing to try again. */
  | { readonly kind: 'refused'; readonly problem: StreamEvents['refused']['error'] };

export interface Seen<V extends ViewName> {
  readonly answer: ViewAnswer<V>;
  readonly connection: Connection;
  /** Of a fleet: what was said last of its rows. */
  readonly rows?: StreamEvents['rows'];
}

/** The server says something every ten seconds at least. */
const SILENT_MS = 25_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 15_000;
/** A page that nobody sees for so long lets go of its stream: a browser has six connections for all pages of a server. */
const UNSEEN_MS = 5_000;

const isHidden = (): boolean => document.visibilityState === 'hidden';

/** What becomes no other by being asked again. */
const FINAL: ReadonlySet<string> = new Set(['login', 'usage', 'gone']);

const NAMES = ['snapshot', 'delta', 'standing', 'alive', 'rows', 'refused'] as const;

/** One view, live: it connects, and connects again for as long as it is not closed. */
export class LiveStream<V extends ViewName> {
  readonly #request: ViewRequest;
  readonly #show: (seen: Seen<V>) => void;
  #seen: Seen<V> = { answer: { standing: {} }, connection: { kind: 'connecting' } };
  #source: EventSource | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #unseen: ReturnType<typeof setTimeout> | undefined;
  #heardMs = Date.now();
  #failures = 0;
  #waits = false;
  /** Of what is asked beside the stream. */
  readonly #over = new AbortController();

  constructor(request: ViewRequest, show: (seen: Seen<V>) => void) {
    this.#request = request;
    this.#show = show;
    addEventListener('online', this.#wake);
    document.addEventListener('visibilitychange', this.#wake);
    this.#connect();
  }

  close(): void {
    removeEventListener('online', this.#wake);
    document.removeEventListener('visibilitychange', this.#wake);
    this.#over.abort();
    clearTimeout(this.#unseen);
    this.#drop();
  }

  /** At once, where it waits: somebody asks for it, the network is back, or somebody looks again. */
  retry(): void {
    if (!this.#waits) return;
    this.#drop();
    this.#connect();
  }

  #wake = (): void => {
    clearTimeout(this.#unseen);
    if (isHidden()) this.#unseen = setTimeout(() => this.#rest(), UNSEEN_MS);
    else if (this.#waits) this.retry();
    else if (Date.now() - this.#heardMs > SILENT_MS) this.#broken();
  };

  /** Until somebody looks. */
  #rest(): void {
    this.#drop();
    this.#waits = true;
    this.#next({ connection: { kind: 'connecting' } });
  }

  #connect(): void {
    if (isHidden()) return this.#rest();
    this.#waits = false;
    const source = new EventSource(`${API}/stream?${queryOf(this.#request)}`);
    this.#source = source;
    for (const name of NAMES)
      source.addEventListener(name, (event: MessageEvent<string>) =>
        this.#heard(name, JSON.parse(event.data)),
      );
    source.addEventListener('error', () => this.#failed());
    this.#watch(SILENT_MS, () => this.#failed());
  }

  #heard(name: (typeof NAMES)[number], data: unknown): void {
    this.#heardMs = Date.now();
    this.#failures = 0;
    this.#watch(SILENT_MS, () => this.#failed());
    switch (name) {
      case 'snapshot':
        return this.#next({ answer: data as ViewAnswer<V>, connection: { kind: 'live' } });
      case 'delta':
        return this.#change((answer) =>
          answer.data === undefined
            ? answer
            : { ...answer, data: applied(answer.data, data as StreamEvents['delta']) },
        );
      case 'standing':
        return this.#change((answer) => ({ ...answer, standing: data as StreamEvents['standing'] }));
      case 'alive':
        return this.#alive(data as StreamEvents['alive']);
      case 'rows':
        return this.#next({ rows: data as StreamEvents['rows'] });
      case 'refused':
        return this.#refused((data as StreamEvents['refused']).error);
    }
  }

  #refused(problem: StreamEvents['refused']['error']): void {
    this.#drop();
    this.#waits = true;
    if (problem.kind === 'login') dispatchEvent(new Event(UNKNOWN));
    this.#next({ connection: { kind: 'refused', problem } });
  }

  /** A stream that fails does not say why: a server that refuses says so when it is asked for the same once. */
  #failed(): void {
    this.#broken();
    const { signal } = this.#over;
    const then = (say: () => void): void => {
      if (!signal.aborted && this.#waits) say();
    };
    get<ViewAnswer<V>>(`/view?${queryOf(this.#request)}`, signal).then(
      (answer) => then(() => this.#answered(answer)),
      (error: unknown) => {
        const problem = problemIn(error);
        if (FINAL.has(problem.kind)) then(() => this.#refused(problem));
      },
    );
  }

  #answered(answer: ViewAnswer<V>): void {
    const { connection } = this.#seen;
    if (connection.kind === 'broken') this.#next({ answer, connection: { ...connection, answers: true } });
  }

  #alive({ nowMs, readAt }: StreamEvents['alive']): void {
    setServerClock(nowMs);
    if (readAt !== undefined)
      this.#change((answer) => ({ ...answer, standing: { ...answer.standing, readAt } }));
  }

  #change(how: (answer: ViewAnswer<V>) => ViewAnswer<V>): void {
    this.#next({ answer: how(this.#seen.answer), connection: { kind: 'live' } });
  }

  #broken(): void {
    this.#drop();
    const waitMs = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
    this.#failures += 1;
    this.#waits = true;
    // Many pages that lost one server do not come back in the same moment.
    const inMs = waitMs * (0.75 + Math.random() / 2);
    this.#next({ connection: { kind: 'broken', sinceMs: this.#heardMs, retryMs: Date.now() + inMs } });
    this.#watch(inMs, () => this.retry());
  }

  #watch(ms: number, then: () => void): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }

  #drop(): void {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = undefined;
  }

  #next(changes: Partial<Seen<V>>): void {
    this.#seen = { ...this.#seen, ...changes };
    this.#show(this.#seen);
  }
}
