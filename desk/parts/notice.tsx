import type { ComponentChildren, JSX } from 'preact';
import type { ApiError } from '../../src/desk/contract.ts';
import type { Tone } from './states.ts';

interface NoticeProps {
  readonly tone: Tone;
  readonly sign: string;
  readonly children: ComponentChildren;
  /** Read out at once. */
  readonly urgent?: boolean;
}

/** A line or two that somebody must see, above the rest. */
export function Notice({ tone, sign, urgent, children }: NoticeProps): JSX.Element {
  return (
    <div class={`notice tone-${tone}`} role={urgent ? 'alert' : undefined}>
      <span class="sign" aria-hidden="true">
        {sign}
      </span>
      <div>{children}</div>
    </div>
  );
}

/** What was refused, or failed, and what to do. */
export function Problem({ problem }: { readonly problem: ApiError['error'] }): JSX.Element {
  return (
    <Notice tone={problem.kind === 'away' ? 'away' : 'bad'} sign={problem.kind === 'away' ? '?' : '✗'} urgent>
      <p>{problem.message}</p>
      {problem.hint !== undefined && <p class="hint">{problem.hint}</p>}
    </Notice>
  );
}
