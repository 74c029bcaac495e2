import type { JSX, TargetedEvent } from 'preact';
import { useState } from 'preact/hooks';
import type { Act, FleetPage } from '../../src/desk/contract.ts';
import { useDesk } from '../app/desk.ts';

interface SetFormProps {
  readonly page: FleetPage;
  readonly close: () => void;
}

const ALLOWANCES = ['failed', 'blocked', 'unreachable'] as const;

/** New limits and budgets; what is left empty stays as it is. */
export function SetForm({ page: { progress }, close }: SetFormProps): JSX.Element {
  const { act } = useDesk();
  const [wave, setWave] = useState('');
  const { limits, name } = progress;
  const of = progress.waves.find((one) => one.name === wave);
  const atOnce = wave === '' ? limits.maxConcurrent : of?.maxConcurrent;
  const budget = wave === '' ? limits.failureBudget : of?.failureBudget;

  const submit = (event: TargetedEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const fields = new FormData(event.currentTarget);
    close();
    act(setAct(name, fields), `set limits: ${name}`);
  };
  return (
    <form onSubmit={submit} class="fields">
      <h2>Set limits and budgets</h2>
      <p class="muted">What is left empty stays as it is. It is shown what comes of it before it is done.</p>
      <label>
        Of
        <select name="wave" value={wave} onChange={({ currentTarget }) => setWave(currentTarget.value)}>
          <option value="">the whole fleet</option>
          {progress.waves.map((one) => (
            <option key={one.name} value={one.name}>
              wave {one.name}
            </option>
          ))}
        </select>
      </label>
      <NumberField name="maxConcurrent" label="Tenants at once" now={atOnce} />
      {wave === '' && (
        <NumberField
          name="maxConcurrentPerCluster"
          label="Of one cluster at once"
          now={limits.maxConcurrentPerCluster}
        />
      )}
      {ALLOWANCES.map((kind) => (
        <label key={kind}>
          {kind}, as 3 or 5%
          <input
            name={kind}
            placeholder={budget?.[kind] ?? 'none of its own'}
            pattern="\d+%?|\d+\.\d+%"
            autoComplete="off"
          />
        </label>
      ))}
      <label>
        Strict
        <select name="strict">
          <option value="">as it is</option>
          <option value="true">yes: those in flight count as failed before another one starts</option>
          <option value="false">no</option>
        </select>
      </label>
      <p class="buttons">
        <button type="button" onClick={close}>
          Cancel
        </button>
        <button type="submit" class="first">
          Show what comes of it
        </button>
      </p>
    </form>
  );
}

function NumberField({
  name,
  label,
  now,
}: {
  readonly name: string;
  readonly label: string;
  readonly now: number | undefined;
}): JSX.Element {
  return (
    <label>
      {label}
      <input
        name={name}
        type="number"
        min="1"
        placeholder={now === undefined ? 'none of its own' : String(now)}
        autoComplete="off"
      />
    </label>
  );
}

function setAct(fleet: string, fields: FormData): Act {
  const text = (name: string): string => {
    const value = fields.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const given = (name: string): Readonly<Record<string, string>> =>
    text(name) === '' ? {} : { [name]: text(name) };
  const count = (name: string): Readonly<Record<string, number>> =>
    text(name) === '' ? {} : { [name]: Number(text(name)) };
  return {
    fleet,
    act: 'set',
    ...given('wave'),
    ...count('maxConcurrent'),
    ...count('maxConcurrentPerCluster'),
    ...given('failed'),
    ...given('blocked'),
    ...given('unreachable'),
    ...(text('strict') === '' ? {} : { strict: text('strict') === 'true' }),
  };
}
