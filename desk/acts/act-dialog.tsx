import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Act, ActAnswer, ActPreview, ActRequest, ApiError } from '../../src/desk/contract.ts';
import { post, problemIn } from '../app/api.ts';
import { useDesk } from '../app/desk.ts';
import { Notice, Problem } from '../parts/notice.tsx';
import { ActForm } from './act-form.tsx';
import { PreviewShown } from './preview.tsx';

interface ActDialogProps {
  readonly act: Act;
  readonly title: string;
  readonly close: () => void;
}

/** First what it would touch and what comes of it; then who and why; then it is said, and what was answered is shown. */
export function ActDialog({ act, title, close }: ActDialogProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  const [preview, setPreview] = useState<ActPreview>();
  const [answer, setAnswer] = useState<ActAnswer>();
  const [problem, setProblem] = useState<ApiError['error']>();
  const [isBusy, setBusy] = useState(false);
  const { say } = useDesk();

  useEffect(() => {
    dialog.current?.showModal();
    post<ActPreview>('/acts/preview', act).then(setPreview, (error: unknown) => setProblem(problemIn(error)));
  }, [act]);

  const send = (more: Pick<ActRequest, 'by' | 'why' | 'confirm'>): void => {
    setBusy(true);
    setProblem(undefined);
    post<ActAnswer>('/acts', { ...act, ...more, seen: preview?.seen })
      .then(
        (told) => {
          setAnswer(told);
          say(told.said);
        },
        (error: unknown) => setProblem(problemIn(error)),
      )
      .finally(() => setBusy(false));
  };

  return (
    <dialog ref={dialog} onClose={close} aria-labelledby="act-title">
      <h2 id="act-title">{title}</h2>
      {problem && <Problem problem={problem} />}
      {!preview && !problem && <p class="muted">Asking what it would touch …</p>}
      {preview && !answer && (
        <>
          <PreviewShown preview={preview} />
          <ActForm preview={preview} isBusy={isBusy} send={send} cancel={() => dialog.current?.close()} />
        </>
      )}
      {answer && (
        <Notice tone={answer.done ? 'good' : 'bad'} sign={answer.done ? '✓' : '✗'} urgent>
          {answer.said.split('\n').map((line) => (
            <p key={line}>{line}</p>
          ))}
        </Notice>
      )}
      {(answer ?? (problem && !preview)) && (
        <p class="buttons">
          <button type="button" class="first" onClick={() => dialog.current?.close()} autoFocus>
            Close
          </button>
        </p>
      )}
    </dialog>
  );
}
