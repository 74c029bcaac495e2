import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { FleetPage } from '../../src/desk/contract.ts';
import { useDesk } from '../app/desk.ts';

interface ApplyFormProps {
  readonly page: FleetPage;
  readonly close: () => void;
}

/** An edited fleet file: its difference from what runs is shown before anything is done. */
export function ApplyForm({ page, close }: ApplyFormProps): JSX.Element {
  const { act } = useDesk();
  const { name } = page.progress;
  const [file, setFile] = useState('');
  const submit = (event: Event): void => {
    event.preventDefault();
    close();
    act({ fleet: name, act: 'apply', file }, `apply a file: ${name}`);
  };
  const read = ({ currentTarget }: TargetedEvent<HTMLInputElement>): void => {
    void currentTarget.files?.[0]?.text().then(setFile);
  };
  return (
    <form onSubmit={submit} class="fields">
      <h2>Apply an edited fleet file</h2>
      <label>
        A file
        <input type="file" accept=".yaml,.yml,.json" onChange={read} />
      </label>
      <label>
        Or its text
        <textarea
          name="file"
          rows={12}
          value={file}
          onInput={({ currentTarget }) => setFile(currentTarget.value)}
          spellcheck={false}
          required
        />
      </label>
      <p class="buttons">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="first" disabled={file.trim() === ''}>
          Show the difference
        </button>
      </p>
    </form>
  );
}
