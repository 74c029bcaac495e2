import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { ActPreview, ActRequest } from '../../src/desk/contract.ts';
import { useDesk } from '../app/desk.ts';
import { plural } from '../words/plural.ts';

interface ActFormProps {
  readonly preview: ActPreview;
  readonly isBusy: boolean;
  readonly send: (more: Pick<ActRequest, 'by' | 'why' | 'confirm'>) => void;
  readonly cancel: () => void;
}

const KEPT_AS = 'desk-by';

function lastBy(): string {
  try {
    return localStorage.getItem(KEPT_AS) ?? '';
  } catch {
    return '';
  }
}

function keepBy(by: string): void {
  try {
    localStorage.setItem(KEPT_AS, by);
  } catch {
    // It is typed again the next time.
  }
}

/** Who says so, and why; of what does harm, the name as well. */
export function ActForm({ preview, isBusy, send, cancel }: ActFormProps): JSX.Element {
  const { info } = useDesk();
  const [by, setBy] = useState(() => (info.user.named ? info.user.name : lastBy() || info.user.name));
  const [why, setWhy] = useState('');
  const [confirm, setConfirm] = useState('');
  const isComplete =
    preview.tenants + (preview.refused.length === 0 ? 1 : 0) > 0 &&
    why.trim() !== '' &&
    by.trim() !== '' &&
    (preview.confirm === undefined || confirm === preview.confirm);

  const submit = (event: Event): void => {
    event.preventDefault();
    if (!isComplete || isBusy) return;
    if (!info.user.named) keepBy(by);
    send({ by, why, ...(preview.confirm === undefined ? {} : { confirm }) });
  };

  return (
    <form onSubmit={submit} class="fields">
      <label>
        Who
        <input
          name="by"
          value={by}
          readOnly={info.user.named}
          onInput={({ currentTarget }) => setBy(currentTarget.value)}
          required
        />
      </label>
      <label>
        Why (stands in the report)
        <input
          name="why"
          value={why}
          onInput={({ currentTarget }) => setWhy(currentTarget.value)}
          autoComplete="off"
          autoFocus
          required
        />
      </label>
      {preview.confirm !== undefined && (
        <label>
          <span>
            This cannot be taken back. Type <code>{preview.confirm}</code>
          </span>
          <input
            name="confirm"
            value={confirm}
            onInput={({ currentTarget }) => setConfirm(currentTarget.value)}
            autoComplete="off"
            autoCapitalize="off"
            spellcheck={false}
            required
          />
        </label>
      )}
      <p class="buttons">
        <button type="button" onClick={cancel}>
          Cancel
        </button>
        <button
          type="submit"
          class={preview.harmful ? 'harmful first' : 'first'}
          disabled={!isComplete || isBusy}
        >
          {isBusy ? 'Saying it …' : `Do it for ${plural(preview.tenants, 'tenant')}`}
        </button>
      </p>
    </form>
  );
}
