import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiError, StreamEvents } from '../contract.ts';
import type { Watched } from './watched.ts';

/** A stream without an event for ten seconds counts as broken. */
const ALIVE_MS = 8_000;
const LOOKS_UP_MS = 4_000;
const MOST_ROWS_NAMED = 200;

/** What a stream writes to: resolves once there is room for more. */
export interface Sink {
  send(event: keyof StreamEvents, data: unknown, id?: string): Promise<void>;
  readonly signal: AbortSignal;
  /** Why whoever reads may do so no more; undefined as long as they may. */
  refusal(): ApiError | undefined;
}

/** Which rows have changed since a version; undefined where nobody remembers, and all of them may have. */
export interface RowsNews {
  version(): number | undefined;
  since(version: number): readonly number[] | undefined;
}

/**
 * A view as it is sent for as long as somebody reads: a snapshot, then what changes. Whoever reads slowly is sent the next
 * snapshot instead of all that lies between.
 */
export class ViewStream {
  readonly #watched: Watched;
  readonly #sink: Sink;
  readonly #rows: RowsNews | undefined;
  #version: number;
  #rowsVersion: number | undefined;
  #wasAway: boolean | undefined;
  #sentMs = -Infinity;

  /** `lastId`: of the last event that a browser has had before its stream broke. */
  constructor(
    watched: Watched,
    sink: Sink,
    { lastId, rows }: { readonly lastId: string | undefined; readonly rows?: RowsNews | undefined },
  ) {
    this.#watched = watched;
    this.#sink = sink;
    this.#rows = rows;
    this.#version = versionIn(lastId, watched.epoch);
    this.#rowsVersion = rows?.version();
  }

  /** Resolves when the stream is at its end. */
  async run(): Promise<void> {
    const bell = new Bell();
    const letGo = this.#watched.watch(() => {
      bell.ring();
    });
    const { signal } = this.#sink;
    signal.addEventListener('abort', () => {
      bell.ring();
    });
    try {
      while (!signal.aborted) {
        const refused = this.#sink.refusal() ?? this.#watched.refused;
        if (refused) {
          await this.#send('refused', refused);
          return;
        }
        await this.#sendNews();
        await this.#sendRows();
        if (performance.now() - this.#sentMs >= ALIVE_MS) await this.#sendAlive();
        await bell.rung(LOOKS_UP_MS);
      }
    } finally {
      letGo();
    }
  }

  async #sendNews(): Promise<void> {
    const { version, standing, epoch } = this.#watched;
    const isAway = standing.away !== undefined;
    const wasAway = this.#wasAway ?? false;
    const isFirst = this.#wasAway === undefined && this.#version === 0;
    if (version === 0 && !isAway) return;
    if (version !== this.#version || (isFirst && version === 0)) {
      const isNext = this.#version > 0 && version === this.#version + 1 && !isAway && !wasAway;
      await this.#send(
        isNext ? 'delta' : 'snapshot',
        isNext ? this.#watched.delta : this.#watched.answer,
        `${epoch}-${version}`,
      );
    } else if (isAway !== wasAway) await this.#send('standing', standing);
    this.#version = version;
    this.#wasAway = isAway;
  }

  async #sendRows(): Promise<void> {
    const version = this.#rows?.version();
    if (version === undefined || version === this.#rowsVersion) return;
    const changed = this.#rowsVersion === undefined ? undefined : this.#rows?.since(this.#rowsVersion);
    this.#rowsVersion = version;
    const more = changed === undefined || changed.length > MOST_ROWS_NAMED;
    await this.#send('rows', { rowsVersion: version, indexes: more ? [] : changed, more });
  }

  async #sendAlive(): Promise<void> {
    const { readAt } = this.#watched.standing;
    await this.#send('alive', { nowMs: Date.now(), ...(readAt === undefined ? {} : { readAt }) });
  }

  async #send(event: keyof StreamEvents, data: unknown, id?: string): Promise<void> {
    this.#sentMs = performance.now();
    await this.#sink.send(event, data, id);
  }
}

/** Where a stream goes on that was broken; 0: from its beginning. */
function versionIn(lastId: string | undefined, epoch: string): number {
  const [of, version = ''] = (lastId ?? '').split('-');
  return of === epoch && /^\d+$/.test(version) ? Number(version) : 0;
}

/** Wakes one who waits, also where it rang before. */
class Bell {
  #hasRung = false;
  #wake: (() => void) | undefined;

  ring(): void {
    this.#hasRung = true;
    this.#wake?.();
  }

  /** Until it rings, or so long. */
  async rung(ms: number): Promise<void> {
    const over = new AbortController();
    if (!this.#hasRung) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      this.#wake = () => {
        resolve(undefined);
      };
      await Promise.race([promise, sleep(ms, undefined, { signal: over.signal }).catch(() => undefined)]);
    }
    over.abort();
    this.#wake = undefined;
    this.#hasRung = false;
  }
}
