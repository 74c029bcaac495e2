import type { ComponentChildren, JSX } from 'preact';
import type { Mark } from './states.ts';

interface MarkedProps {
  readonly mark: Mark;
  /** More than a word: it may be wrapped. */
  readonly sentence?: boolean;
  readonly children: ComponentChildren;
}

/** A sign in its colour, and the word: neither stands alone. */
export function Marked({ mark, sentence, children }: MarkedProps): JSX.Element {
  return (
    <span class={`marked tone-${mark.tone}${sentence ? ' sentence' : ''}`}>
      <span class="sign" aria-hidden="true">
        {mark.sign}
      </span>
      {children}
    </span>
  );
}
