import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { plainText } from '../../domain/text/plain-text.ts';
import { explain } from '../../cli/errors.ts';
import type { ExitCode } from '../../cli/exit-codes.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import type { ApiError } from '../contract.ts';

type Kind = ApiError['error']['kind'];

const KINDS: Readonly<Partial<Record<ExitCode, Kind>>> = {
  [EXIT.unreachable]: 'away',
  [EXIT.refused]: 'refused',
  [EXIT.usage]: 'usage',
};

/** In the words of the command. Of what nobody expected only that it is so: its words may quote anything. */
export function apiError(error: unknown): ApiError {
  const { message, hint, code } = explain(error);
  const kind = KINDS[code] ?? (code === EXIT.bug ? 'bug' : 'refused');
  const shown = kind === 'bug' ? 'the desk has failed at this: see what it has written to its log' : message;
  return {
    error: {
      message: lines(shown),
      ...(hint === undefined || kind === 'bug' ? {} : { hint: lines(hint) }),
      kind,
      exitCode: code,
    },
  };
}

export const says = (kind: Kind, message: string, hint?: string): ApiError => ({
  error: {
    ...{ message, kind, exitCode: kind === 'usage' ? EXIT.usage : EXIT.refused },
    ...(hint === undefined ? {} : { hint }),
  },
});

const lines = (text: string): string => text.split('\n').map(plainText).join('\n');

const STATUS: Readonly<Record<Kind, ContentfulStatusCode>> = {
  login: 401,
  usage: 400,
  refused: 409,
  gone: 404,
  away: 503,
  bug: 500,
};

export const statusOf = ({ error }: ApiError): ContentfulStatusCode => STATUS[error.kind];
