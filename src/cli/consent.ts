import { input } from '@inquirer/prompts';
import type { Command } from 'commander';
import { WHY } from '../domain/tenant/decisions.ts';
import { plainText } from '../domain/text/plain-text.ts';
import type { Actor } from '../domain/tenant/tenant.ts';
import type { AskOptions } from './ask.ts';
import { isAsked } from './ask.ts';
import { CliError } from './cli-error.ts';
import type { Io } from './io.ts';
import type { MessageOptions } from './options.ts';
import { actor } from './actor.ts';
import { prompted } from './prompted.ts';
import { nameOf, typedLine } from './typed-line.ts';

/** How a command that does harm is agreed to. */
export interface ConsentOptions extends AskOptions, MessageOptions {
  /** The name of what is meant, typed: it says yes as well. */
  readonly confirm?: string;
}

const hasReason = ({ why }: MessageOptions): boolean => plainText(why ?? '') !== '';

/** What has to be typed where nobody is asked, and was not; empty where somebody can be asked. */
export function lackingConsent(io: Io, options: ConsentOptions, says = '--yes'): string[] {
  if (isAsked(io, options)) return [];
  const agrees = options.yes === true || options.confirm !== undefined;
  return [...(agrees ? [] : [says]), ...(hasReason(options) ? [] : [WHY])];
}

/** What a person reads who has not agreed where nobody can be asked. */
export function consentNeeded(command: Command, lacking: readonly string[]): CliError {
  const flags = lacking.map((typed) => typed.split(' ')[0]).join(' and ');
  return new CliError(
    `${nameOf(command)} does what cannot be taken back: where nobody is asked (no terminal, -o json, --yes) it needs ` +
      `${flags}. Nothing was changed.`,
    { hint: `Type: ${typedLine(command, ...lacking)}` },
  );
}

/** Throws CliError where nobody can be asked, and not all is said. */
export function requireConsent(command: Command, ...asked: Parameters<typeof lackingConsent>): void {
  const lacking = lackingConsent(...asked);
  if (lacking.length > 0) throw consentNeeded(command, lacking);
}

/** Who and why; a person who has not said why is asked. A reason is never invented for somebody. */
export async function askedActor(io: Io, options: ConsentOptions): Promise<Actor> {
  if (hasReason(options) || !isAsked(io, options)) return actor(options);
  const question = {
    message: 'Why? The reason stands in the report:',
    validate: (text: string) => hasReason({ why: text }) || 'A reason is needed.',
  };
  const why = await prompted((context) => input(question, context));
  return actor({ ...options, why });
}
