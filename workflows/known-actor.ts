import { plainText } from '../src/domain/text/plain-text.ts';
import type { Actor } from '../src/domain/tenant/tenant.ts';

/** A signal sent by hand may lack what every message of ours carries, and may hold anything. */
export function known(actor: Partial<Actor> | undefined): Actor {
  const via = line(actor?.via);
  return {
    by: line(actor?.by) || 'somebody',
    why: line(actor?.why) || 'no reason given',
    ...(via === '' ? {} : { via }),
  };
}

/** The same for a message that says more. */
export function signed<M extends Actor>(message: M): M {
  return { ...message, ...known(message) };
}

const line = (text: unknown): string => (typeof text === 'string' ? plainText(text) : '');
