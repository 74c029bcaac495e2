import { createTransport } from 'nodemailer';
import type { EmailReceiver, SecretRef } from '../domain/notify/receivers.ts';
import { serverProblem } from '../domain/notify/receivers.ts';
import { plainText } from '../domain/text/plain-text.ts';
import { cutAtWord } from '../domain/text/cut-at-word.ts';
import { hasPlainLogin } from '../proxy-for.ts';
import { trustThem } from '../trusted-authorities.ts';
import { codeOf, DeliveryError } from './delivery-error.ts';
import { readSecret } from './settings.ts';

const ANSWERS_WITHIN_MS = 10_000;
const LONGEST_SUBJECT = 200;

/** The same message has the same Message-ID: who gets it twice sees it once. Throws DeliveryError. */
export async function sendByEmail(receiver: EmailReceiver, id: string, text: string): Promise<void> {
  const { from, to, starttls = 'required' } = receiver;
  const url = serverOf(receiver.server);
  trustThem();
  const login =
    url.username === '' ? undefined : { user: decoded(url.username), pass: decoded(url.password) };
  const secure = url.protocol === 'smtps:';
  const transport = createTransport({
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? (secure ? 465 : 587) : Number(url.port),
    secure,
    requireTLS: !secure && (starttls === 'required' || login !== undefined),
    ...(login ? { auth: login } : {}),
    connectionTimeout: ANSWERS_WITHIN_MS,
    greetingTimeout: ANSWERS_WITHIN_MS,
    socketTimeout: ANSWERS_WITHIN_MS,
    // What is sent is text alone: nothing of it is a file or an address to be read.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const [subject = ''] = text.split('\n');
  try {
    await transport.sendMail({
      from,
      to: [...to],
      subject: cutAtWord(plainText(subject), LONGEST_SUBJECT),
      text,
      messageId: `<${id}@threescale-upgrade>`,
      headers: { 'Auto-Submitted': 'auto-generated' },
    });
  } catch (error) {
    throw new DeliveryError(`the mail server has not taken it (${reasonOf(error)})`);
  } finally {
    transport.close();
  }
}

function serverOf(server: string | SecretRef): URL {
  const isSecret = typeof server !== 'string';
  const text = isSecret ? readSecret(server) : server;
  const isServer = URL.canParse(text) && /^smtps?:\/\/./.test(text) && hasPlainLogin(new URL(text));
  if (!isServer || (!isSecret && serverProblem(text) !== undefined))
    throw new DeliveryError(
      isSecret ? 'the secret that its mail server is in names none' : 'its mail server is none',
    );
  return new URL(text);
}

const decoded = (text: string): string => decodeURIComponent(text);

/** The code of the answer, and the library's; never words, which may repeat what was sent. */
function reasonOf(error: unknown): string {
  const answer: unknown = error instanceof Error && 'responseCode' in error ? error.responseCode : undefined;
  return typeof answer === 'number' ? `${codeOf(error)}, ${answer}` : codeOf(error);
}
