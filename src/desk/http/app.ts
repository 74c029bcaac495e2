import { Hono } from 'hono';
import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { compress } from 'hono/compress';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { explain } from '../../cli/errors.ts';
import { CliError } from '../../cli/cli-error.ts';
import { COOKIE } from '../access/who.ts';
import { whoseToken } from '../access/tokens.ts';
import { LONGEST_FILE } from '../acts/request.ts';
import type { ApiError } from '../contract.ts';
import { API } from '../contract.ts';
import { addActs } from './acts.ts';
import { apiError, says, statusOf } from './api-error.ts';
import type { Served } from './desk-info.ts';
import { deskInfo } from './desk-info.ts';
import type { Env } from './guard.ts';
import { addressOf, MUST_WAIT, onlyKnown, onlyOwnPages, refuse, withHeaders } from './guard.ts';
import { addLooks } from './looks.ts';
import { Refused } from './watched.ts';

const LARGEST_BODY_BYTES = LONGEST_FILE * 2;

/** Everything that the desk answers: its page, and the API of its page. */
export function deskApp(served: Served): Hono<Env> {
  const app = new Hono<Env>();
  app.use(withHeaders(served.guarded));
  app.use(onlyOwnPages(served.guarded));
  app.use(`${API}/*`, compress());
  app.use(
    `${API}/*`,
    bodyLimit({
      maxSize: LARGEST_BODY_BYTES,
      onError: (c) => c.json(says('usage', `more than ${LARGEST_BODY_BYTES} bytes were sent`), 413),
    }),
  );
  addLogin(app, served);
  app.use(`${API}/*`, onlyKnown(served.guarded));
  app.get(`${API}/desk`, (c) => c.json(deskInfo(served, c.get('who'))));
  addLooks(app, served);
  addActs(app, served);
  app.all(`${API}/*`, (c) => refuse(c, says('gone', 'there is nothing here: see docs/desk.md')));
  app.get('*', (c) => served.page.answer(c));
  app.onError((error, c) => answerError(served, error, c));
  return app;
}

function answerError({ say }: Served, error: unknown, c: Context): Response {
  const answer: ApiError = error instanceof Refused ? error.answer : apiError(error);
  if (answer.error.kind === 'bug') say(`the desk has failed at ${c.req.path}: ${explain(error).message}`);
  return c.json(answer, statusOf(answer));
}

/** A token is given once, and then a cookie that no script reads stands for it. */
function addLogin(app: Hono<Env>, served: Served): void {
  const { access, logins, tls } = served.guarded;
  app.post(`${API}/login`, async (c) => {
    if (access.kind !== 'tokens') throw new CliError('nobody logs in here: this desk has no tokens');
    const address = addressOf(c);
    if (logins.mustWait(address)) return c.json(MUST_WAIT, 429);
    const sent: unknown = await c.req.json().catch(() => undefined);
    const given = typeof sent === 'object' && sent !== null && 'token' in sent ? sent.token : undefined;
    const token = typeof given === 'string' ? whoseToken(access.tokens.now, given.trim()) : undefined;
    if (!token) {
      logins.noteWrong(address);
      return refuse(c, says('login', 'nobody has this token'));
    }
    setCookie(c, COOKIE, logins.add(token), { httpOnly: true, sameSite: 'Strict', path: '/', secure: tls });
    const { name, role } = token;
    return c.json(deskInfo(served, { name, named: true, role, how: '' }));
  });
  app.post(`${API}/logout`, (c) => {
    const secret = getCookie(c, COOKIE);
    if (secret !== undefined) logins.remove(secret);
    deleteCookie(c, COOKIE, { path: '/', secure: tls });
    return c.body(null, 204);
  });
}
