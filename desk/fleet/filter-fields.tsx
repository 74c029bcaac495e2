import type { JSX } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';

/** A pause in typing. */
const TYPED_MS = 250;

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly placeholder: string;
  readonly set: (value: string) => void;
}

/** What is typed is looked for after a pause. */
export function TextField({ label, value, placeholder, set }: TextFieldProps): JSX.Element {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  // What else has changed meanwhile is taken along.
  const latest = useRef(set);
  latest.current = set;
  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => latest.current(typed), TYPED_MS);
    return () => clearTimeout(timer);
  }, [typed, value]);
  return (
    <label>
      {label}
      <input
        type="search"
        value={typed}
        placeholder={placeholder}
        onInput={({ currentTarget }) => setTyped(currentTarget.value)}
      />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly choices: readonly string[];
  readonly none?: string;
  /** What is said of a choice; absent: itself. */
  readonly words?: (choice: string) => string;
  readonly set: (values: string[]) => void;
}

/** One of these, or all. */
export function Choice({
  label,
  value,
  choices,
  none = 'all',
  words = String,
  set,
}: ChoiceProps): JSX.Element {
  return (
    <label>
      {label}
      <select
        value={value ?? ''}
        onChange={({ currentTarget }) => set(currentTarget.value === '' ? [] : [currentTarget.value])}
      >
        <option value="">{none}</option>
        {choices.map((name) => (
          <option key={name} value={name}>
            {words(name)}
          </option>
        ))}
      </select>
    </label>
  );
}
