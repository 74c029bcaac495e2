import { plainText } from '../domain/text/plain-text.ts';
import type { Actor } from '../domain/tenant/tenant.ts';
import { CliError } from './cli-error.ts';
import type { MessageOptions } from './options.ts';
import { login, viaOf } from './via.ts';

/** Who and why; a reason is never invented for somebody. */
export function actor(options: MessageOptions): Actor {
  const why = plainText(options.why ?? '');
  if (!why) throw new CliError('a reason is needed', { hint: 'Add --why "…": it stands in the report.' });
  const by = plainText(options.by ?? '') || login();
  const via = options.via ?? viaOf(by);
  return { by, why, ...(via === undefined ? {} : { via }) };
}

/** As `actor`; where the reason is missing, says how to type it. */
export function reasoned(options: MessageOptions, verb: string, typed: string): Actor {
  if (plainText(options.why ?? '')) return actor(options);
  throw new CliError(`${verb} needs a reason`, { hint: `Say why; it stands in the report: ${typed}` });
}
