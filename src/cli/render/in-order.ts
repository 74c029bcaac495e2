import { stamp } from './time.ts';

/** What is to be said, and when it happened. */
export interface Dated {
  readonly at: string | number;
  readonly text: string;
}

/** As lines, in the order in which it happened; what happened at once, as it is given. */
export function inOrder(news: readonly Dated[]): string[] {
  return news
    .toSorted((a, b) => new Date(a.at).getTime() - new Date(b.at).getTime())
    .map(({ at, text }) => `${stamp(at)} ${text}`);
}
