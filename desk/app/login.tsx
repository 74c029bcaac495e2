import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ApiError, DeskInfo, LoginRequest } from '../../src/desk/contract.ts';
import { Problem } from '../parts/notice.tsx';
import { post, problemIn } from './api.ts';

interface LoginProps {
  readonly known: (info: DeskInfo) => void;
  readonly problem: ApiError['error'];
}

/** Where the desk was started with tokens: whoever has one may look, or do more. */
export function Login({ known, problem }: LoginProps): JSX.Element {
  const [token, setToken] = useState('');
  const [refused, setRefused] = useState<ApiError['error']>();
  const send = (event: Event): void => {
    event.preventDefault();
    const request: LoginRequest = { token: token.trim() };
    post<DeskInfo>('/login', request).then(known, (error: unknown) => setRefused(problemIn(error)));
  };
  return (
    <main class="alone" id="main">
      <h1>3scale upgrades</h1>
      <p>{problem.message}</p>
      {problem.hint !== undefined && <p class="muted">{problem.hint}</p>}
      {refused && <Problem problem={refused} />}
      <form onSubmit={send} class="fields">
        <label>
          Token
          <input
            type="password"
            autoComplete="current-password"
            value={token}
            onInput={({ currentTarget }) => setToken(currentTarget.value)}
            required
          />
        </label>
        <button type="submit" class="first">
          Log in
        </button>
      </form>
    </main>
  );
}
