import type { ComponentChildren, JSX } from 'preact';
import type { Mark } from './states.ts';

/** A sign in its colour, and the word: neither stands alone. */
export function Marked({
  mark,
  children,
}: {
  readonly mark: Mark;
  readonly children: ComponentChildren;
}): JSX.Element {
  return (
    <span class={`marked tone-${mark.tone}`}>
      <span class="sign" aria-hidden="true">
        {mark.sign}
      </span>
      {children}
    </span>
  );
}
