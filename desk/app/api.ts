import type { ApiError } from '../../src/desk/contract.ts';
import { ACT_HEADER, API } from '../../src/desk/contract.ts';

type Problem = ApiError['error'];

/** Told to the window when the server knows no more who looks. */
export const UNKNOWN = 'desk:unknown';

/** What the server has refused, or that it does not answer, in words for people. */
class Refused extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.message);
    this.problem = problem;
  }
}

/** Throws a `Refused`, also where nobody answers. */
export const get = <T>(path: string, signal?: AbortSignal): Promise<T> =>
  asked<T>(path, signal ? { signal } : {});

/** The same, of what changes something, or may. */
export const post = <T>(path: string, body: unknown): Promise<T> =>
  asked<T>(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [ACT_HEADER]: '1' },
    body: JSON.stringify(body),
  });

async function asked<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(`${API}${path}`, { ...init, credentials: 'same-origin' }).catch(
    (error: unknown) => {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Refused({ kind: 'away', exitCode: 6, message: 'the server of this page does not answer' });
    },
  );
  const text = await response.text();
  const answer = parsed(text);
  if (response.ok) return answer as T;
  const problem = problemOf(answer) ?? plainProblem(response.status);
  // These two are how somebody becomes known.
  if (problem.kind === 'login' && path !== '/login' && path !== '/desk') dispatchEvent(new Event(UNKNOWN));
  throw new Refused(problem);
}

function parsed(text: string): unknown {
  try {
    return text === '' ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(answer: unknown): Problem | undefined {
  return typeof answer === 'object' && answer !== null && 'error' in answer
    ? (answer as ApiError).error
    : undefined;
}

const plainProblem = (status: number): Problem => ({
  kind: 'bug',
  exitCode: 1,
  message: `the server answers with status ${status}, and does not say why`,
});

/** As `a=1&b=2&b=3`: lists are repeated, what is undefined is left out. */
export function queryOf(fields: object): string {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(fields) as [string, unknown][])
    for (const one of Array.isArray(value) ? (value as unknown[]) : [value])
      if (one !== undefined && one !== '') query.append(key, String(one));
  return query.toString();
}

/** What to show of anything that was thrown. */
export const problemIn = (error: unknown): Problem =>
  error instanceof Refused
    ? error.problem
    : { kind: 'bug', exitCode: 1, message: error instanceof Error ? error.message : 'something failed' };
