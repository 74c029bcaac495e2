import { confirm, input } from '@inquirer/prompts';
import type { Io } from './io.ts';
import { shownOn } from './io.ts';
import { prompted } from './prompted.ts';

export interface AskOptions {
  readonly yes?: boolean;
  readonly output?: string;
}

/** True where there is somebody to ask, who has not said yes beforehand. */
export const isAsked = ({ interactive }: Io, { yes, output }: AskOptions): boolean =>
  interactive && !yes && output !== 'json';

/** Asks a person; where nobody is asked the answer is yes: see consent.ts for what has to be said then. */
export async function agreed(io: Io, options: AskOptions, question: string): Promise<boolean> {
  if (!isAsked(io, options)) return true;
  return prompted((context) => confirm({ message: shownOn(io, question), default: false }, context));
}

/** Lets a person type what confirms; undefined where there is nobody to ask. */
export async function typed(io: Io, options: AskOptions, question: string): Promise<string | undefined> {
  if (!isAsked(io, options)) return undefined;
  return prompted((context) => input({ message: shownOn(io, question) }, context));
}
