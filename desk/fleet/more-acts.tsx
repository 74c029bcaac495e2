import type { JSX } from 'preact';
import { useRef } from 'preact/hooks';
import type { FleetPage } from '../../src/desk/contract.ts';
import { ApplyForm } from '../acts/apply-form.tsx';
import { SetForm } from '../acts/set-form.tsx';
import { mayDo, useDesk } from '../app/desk.ts';

/** What has to be filled in before it can be shown: limits and budgets, and an edited file. */
export function MoreActs({ page }: { readonly page: FleetPage }): JSX.Element | null {
  const { info } = useDesk();
  if (!mayDo(info, 'operate') || page.progress.phase === 'ended') return null;
  return (
    <>
      <Asking word="set limits …">{(close) => <SetForm page={page} close={close} />}</Asking>
      <Asking word="apply a file …">{(close) => <ApplyForm page={page} close={close} />}</Asking>
    </>
  );
}

interface AskingProps {
  readonly word: string;
  readonly children: (close: () => void) => JSX.Element;
}

function Asking({ word, children }: AskingProps): JSX.Element {
  const dialog = useRef<HTMLDialogElement>(null);
  return (
    <>
      <button type="button" onClick={() => dialog.current?.showModal()}>
        {word}
      </button>
      <dialog ref={dialog} aria-label={word}>
        {children(() => dialog.current?.close())}
      </dialog>
    </>
  );
}
