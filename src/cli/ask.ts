import { confirm, input } from '@inquirer/prompts';
import type { Io } from './io.ts';
import { shownOn } from './io.ts';

export interface AskOptions {
  readonly yes?: boolean;
  readonly output?: string;
}

const isAsked = ({ interactive }: Io, { yes, output }: AskOptions): boolean =>
  interactive && !yes && output !== 'json';

/** Asks a person; without one, or with --yes, nothing is asked and the answer is yes. */
export async function agreed(io: Io, options: AskOptions, question: string): Promise<boolean> {
  return isAsked(io, options) ? confirm({ message: shownOn(io, question), default: false }) : true;
}

/** Lets a person type what confirms; undefined where there is nobody to ask. */
export async function typed(io: Io, options: AskOptions, question: string): Promise<string | undefined> {
  return isAsked(io, options) ? input({ message: shownOn(io, question) }) : undefined;
}
