import type { ComponentChildren, JSX, TargetedMouseEvent } from 'preact';
import { go } from './route.ts';

interface LinkProps {
  readonly to: string;
  readonly class?: string;
  readonly current?: boolean;
  readonly label?: string;
  readonly children: ComponentChildren;
}

/** A link within the page: a real address, that another tab opens as well. */
export function Link({ to, children, current, label, class: name }: LinkProps): JSX.Element {
  const follow = (event: TargetedMouseEvent<HTMLAnchorElement>): void => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(to);
    document.getElementById('main')?.focus({ preventScroll: true });
    scrollTo(0, 0);
  };
  return (
    <a href={to} onClick={follow} class={name} aria-label={label} aria-current={current ? 'page' : undefined}>
      {children}
    </a>
  );
}
