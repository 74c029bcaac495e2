import type { Context, Hono } from 'hono';
import { CliError } from '../../cli/cli-error.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import { doAct } from '../acts/do.ts';
import { mayAct, roleFor } from '../acts/harm.ts';
import { previewOf } from '../acts/preview.ts';
import { actRequest } from '../acts/request.ts';
import type { Act, ActRequest } from '../contract.ts';
import { API } from '../contract.ts';
import { says } from './api-error.ts';
import type { Served } from './desk-info.ts';
import { readOnlyWhy } from './desk-info.ts';
import type { Env } from './guard.ts';

/** What says something to a fleet or a tenant, and what would come of it. */
export function addActs(app: Hono<Env>, served: Served): void {
  const { source, watches, say } = served;
  // One after another: each is looked at as the one before has left things.
  const line = new Line();
  app.post(`${API}/acts/preview`, async (c) => {
    const request = await sent(c);
    const refused = refusal(served, c, request);
    return refused ?? c.json(await previewOf(source, actOf(request)));
  });
  app.post(`${API}/acts`, async (c) => {
    const request = await sent(c);
    const refused = refusal(served, c, request);
    if (refused) return refused;
    const who = c.get('who');
    const answer = await line.take(() => doAct(source, who, request));
    const about = 'fleet' in request ? `fleet ${request.fleet}` : `tenant ${request.tenant.namespace}`;
    say(
      plainText(
        `${request.act} of ${about} by ${who.named ? who.name : (request.by ?? who.name)}: ${answer.said}`,
      ),
    );
    source.expire(request);
    void watches.again();
    return c.json(answer);
  });
}

async function sent(c: Context<Env>): Promise<ActRequest> {
  const body: unknown = await c.req.json().catch(() => {
    throw new CliError('what was sent is no JSON');
  });
  return actRequest(body);
}

const actOf = ({ by: _by, why: _why, confirm: _confirm, seen: _seen, ...act }: ActRequest): Act => act as Act;

function refusal({ allowActions }: Served, c: Context<Env>, request: ActRequest): Response | undefined {
  const { role } = c.get('who');
  const why = readOnlyWhy(allowActions, role);
  if (why !== undefined) return c.json(says('refused', why), 403);
  const needed = roleFor(actOf(request));
  if (mayAct(role, needed)) return undefined;
  return c.json(says('refused', `${request.act} takes the role ${needed}, and yours is ${role}`), 403);
}

class Line {
  #last: Promise<unknown> = Promise.resolve();

  take<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(work);
    this.#last = mine.catch(() => undefined);
    return mine;
  }
}
