import type { Context, Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import picocolors from 'picocolors';
import { CliError } from '../../cli/cli-error.ts';
import { reportFleet } from '../../cli/fleet/actions/report.ts';
import type { Io } from '../../cli/io.ts';
import { printReport } from '../../cli/tenant/actions/report.ts';
import { API } from '../contract.ts';
import { planOf } from '../views/plan.ts';
import { says } from './api-error.ts';
import type { Served } from './desk-info.ts';
import { statsOf } from './desk-info.ts';
import type { Env } from './guard.ts';
import { noMoreKnown } from './guard.ts';
import type { Query } from './query.ts';
import { rowsRequest, tenantAsked, viewRequest } from './query.ts';
import { ViewStream } from './stream.ts';

const MOST_STREAMS = 256;

const queryOf = (c: Context): Query => ({
  one: (name) => c.req.query(name),
  all: (name) => c.req.queries(name),
});

/** What only looks. */
export function addLooks(app: Hono<Env>, served: Served): void {
  const { source, watches } = served;
  app.get(`${API}/view`, async (c) => c.json(await watches.now(viewRequest(queryOf(c)))));
  app.get(`${API}/stream`, (c) => stream(c, served));
  app.get(`${API}/fleets/:name/tenants`, async (c) =>
    c.json(await watches.rows(c.req.param('name'), rowsRequest(queryOf(c)))),
  );
  app.get(`${API}/tenant/plan`, async (c) => {
    const fleet = c.req.query('fleet');
    const asked = { ...tenantAsked(queryOf(c)), ...(fleet === undefined ? {} : { fleet }) };
    return c.json(await planOf(source, asked));
  });
  app.get(`${API}/report`, (c) => report(c, served));
  app.get(`${API}/stats`, (c) => c.json(statsOf(served)));
}

/** One view, for as long as its page is open. */
function stream(c: Context<Env>, { watches, traffic, guarded, say }: Served): Response {
  if (traffic.streams >= MOST_STREAMS)
    return c.json(says('away', `${MOST_STREAMS} pages are open already: close one, or try again later`), 503);
  const request = viewRequest(queryOf(c));
  // Nobody reads what comes after: a stream of it would never end.
  if (c.req.method === 'HEAD') return c.body(null, 200, { 'Content-Type': 'text/event-stream' });
  const lastId = c.req.header('last-event-id');
  c.header('X-Accel-Buffering', 'no');
  return streamSSE(
    c,
    async (out) => {
      const over = new AbortController();
      out.onAbort(() => {
        over.abort();
      });
      traffic.streams += 1;
      try {
        const sink = {
          signal: over.signal,
          refusal: () => noMoreKnown(c, guarded),
          send: (event: string, data: unknown, id?: string) =>
            out.writeSSE({ event, data: JSON.stringify(data), ...(id === undefined ? {} : { id }) }),
        };
        await new ViewStream(watches.of(request), sink, { lastId, rows: watches.rowsNews(request) }).run();
      } finally {
        traffic.streams -= 1;
      }
    },
    (error) => {
      say(`a stream has failed: ${error.message}`);
      return Promise.resolve();
    },
  );
}

/** As `fleet report` and `report` print it. */
async function report(c: Context<Env>, { source }: Served): Promise<Response> {
  const fleet = c.req.query('fleet');
  const output = c.req.query('output') ?? 'text';
  if (output !== 'text' && output !== 'json') throw new CliError('output is none of text and json');
  const lines: string[] = [];
  const io: Io = {
    out: (line) => void lines.push(line),
    err: () => undefined,
    interactive: false,
    colors: picocolors.createColors(false),
  };
  if (fleet !== undefined) await reportFleet(io, fleet, { output });
  else await printReport(io, source.session, tenantAsked(queryOf(c)), { output });
  const type = output === 'json' ? 'application/json' : 'text/markdown';
  return c.body(`${lines.join('\n')}\n`, 200, { 'Content-Type': `${type}; charset=utf-8` });
}
