import type { JSX } from 'preact';
import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Act, ApiError, DeskInfo } from '../../src/desk/contract.ts';
import { ActDialog } from '../acts/act-dialog.tsx';
import { Problem } from '../parts/notice.tsx';
import { get, problemIn, UNKNOWN } from './api.ts';
import { setServerClock } from './clock.ts';
import { DeskContext } from './desk.ts';
import { Frame } from './frame.tsx';
import { Login } from './login.tsx';

interface Asked {
  readonly act: Act;
  readonly title: string;
}

/** Who looks and what may be done is asked first; then the page is shown. */
export function App(): JSX.Element {
  const [info, setInfo] = useState<DeskInfo>();
  const [problem, setProblem] = useState<ApiError['error']>();
  const [said, setSaid] = useState('');
  const [asked, setAsked] = useState<Asked>();

  const known = useCallback((found: DeskInfo): void => {
    setServerClock(found.nowMs);
    setProblem(undefined);
    setInfo(found);
  }, []);
  const ask = useCallback((): void => {
    get<DeskInfo>('/desk').then(known, (error: unknown) => setProblem(problemIn(error)));
  }, [known]);
  useEffect(ask, [ask]);
  // Who is known no more logs in again, and is then where they were; what they were about to say is theirs, and is gone.
  const leave = useCallback((): void => {
    setAsked(undefined);
    setInfo(undefined);
    ask();
  }, [ask]);
  useEffect(() => {
    addEventListener(UNKNOWN, leave);
    return () => removeEventListener(UNKNOWN, leave);
  }, [leave]);
  const act = useCallback((what: Act, title: string): void => setAsked({ act: what, title }), []);

  if (!info) return <Before problem={problem} known={known} again={ask} />;
  return (
    <DeskContext.Provider value={{ info, act, say: setSaid }}>
      <Frame leave={leave} />
      {asked && <ActDialog key={asked.title} {...asked} close={() => setAsked(undefined)} />}
      <p class="unseen" role="status" aria-live="polite">
        {said}
      </p>
    </DeskContext.Provider>
  );
}

interface BeforeProps {
  readonly problem: ApiError['error'] | undefined;
  readonly known: (info: DeskInfo) => void;
  readonly again: () => void;
}

/** What is shown before anything is known. */
function Before({ problem, known, again }: BeforeProps): JSX.Element {
  if (problem?.kind === 'login') return <Login known={known} problem={problem} />;
  return (
    <main class="alone" id="main">
      <h1>3scale upgrades</h1>
      {problem ? (
        <>
          <Problem problem={problem} />
          <button type="button" onClick={again}>
            Try again
          </button>
        </>
      ) : (
        <p class="muted">Asking the server …</p>
      )}
    </main>
  );
}
