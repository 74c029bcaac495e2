import type { RowsAnswer, RowsRequest, ViewAnswer, ViewRequest } from '../contract.ts';
import { changedSince } from '../source/lines.ts';
import { Cache } from '../source/shared.ts';
import type { Source } from '../source/source.ts';
import { EVERY_MS, lookAtView } from '../views/index.ts';
import { rowsOf } from '../views/rows.ts';
import type { RowsNews } from './stream.ts';
import { Watched } from './watched.ts';

const MOST_VIEWS = 500;

/** One watch of each view that somebody looks at, whoever it is. */
export class Watches {
  readonly #source: Source;
  readonly #say: (line: string) => void;
  readonly #watched = new Cache<Watched>(MOST_VIEWS);
  #looks = 0;

  /** `say` is told what nobody expected. */
  constructor(source: Source, say: (line: string) => void) {
    this.#source = source;
    this.#say = say;
  }

  of(request: ViewRequest): Watched {
    const look = (): Promise<unknown> => {
      this.#looks += 1;
      return lookAtView(this.#source, request);
    };
    const key = JSON.stringify(Object.entries(request).sort());
    return this.#watched.of(
      key,
      () => new Watched(look, { everyMs: EVERY_MS[request.view], say: this.#say }),
    );
  }

  now(request: ViewRequest): Promise<ViewAnswer> {
    return this.of(request).now();
  }

  /** Rows of a fleet's tenants, and how old what is shown of the fleet is. */
  async rows(fleet: string, request: RowsRequest): Promise<RowsAnswer> {
    const { standing } = this.of({ view: 'fleet', fleet });
    const rows = await rowsOf(this.#source, fleet, request);
    return { ...rows, standing: standing.away ? standing : { readAt: new Date().toISOString() } };
  }

  /** Which rows have changed, for a stream of a fleet. */
  rowsNews(request: ViewRequest): RowsNews | undefined {
    if (request.view !== 'fleet') return undefined;
    const fleet = this.#source.fleet(request.fleet);
    return {
      version: () => fleet.knownLines?.version,
      since: (version) => fleet.knownLines && changedSince(fleet.knownLines, version),
    };
  }

  /** Something was said: what is looked at is looked at again at once. */
  async again(): Promise<void> {
    await Promise.all(this.#watched.all.map((watched) => watched.again()));
  }

  /** How often one of them was looked at anew. */
  get looks(): number {
    return this.#looks;
  }

  /** How many views are looked at. */
  get looked(): number {
    return this.#watched.all.filter(({ viewers }) => viewers > 0).length;
  }
}
