import { parse } from 'yaml';
import type { Receiver } from '../domain/notify/receivers.ts';
import type { Scope } from '../domain/notify/triggers.ts';
import { plainDeep } from '../domain/text/plain-text.ts';
import { notifyOf } from './notify-schema.ts';
import { ConfigError } from './reading/config-error.ts';

const HINT =
  "As in: --notify '{name: ops, webhook: {url: https://example.com/hook, secret: {env: THREESCALE_UPGRADE_NOTIFY_OPS}}}'; see docs/notifications.md.";

/**
 * Receivers as flags name them, each as a file would, on one line. Throws ConfigError, with all that is wrong; it quotes no
 * flag, which may hold what should have been a secret.
 */
export function receiversByFlags(texts: readonly string[], scope: Scope | 'any'): readonly Receiver[] {
  const { data, error } = notifyOf[scope].safeParse(
    texts.map((text, index) => parsed(text, numbered(index, texts))),
  );
  if (data) return plainDeep(data);
  const said = error.issues.map(({ path: [index, ...place], message }) => {
    const where = place.length > 0 ? `${place.map(String).join('.')}: ` : '';
    return `${numbered(Number(index), texts)}: ${where}${message}`;
  });
  throw new ConfigError(said.join('\n'), HINT, '--notify');
}

/** Those of flags go before those of a file that have the same name. */
export function withFlags(ofFile: readonly Receiver[], byFlags: readonly Receiver[]): readonly Receiver[] {
  const names = new Set(byFlags.map(({ name }) => name));
  return [...ofFile.filter(({ name }) => !names.has(name)), ...byFlags];
}

/** `--notify (2 of 3)`. */
const numbered = (index: number, { length }: readonly string[]): string =>
  `--notify (${index + 1} of ${length})`;

function parsed(text: string, which: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0, logLevel: 'silent' });
  } catch {
    throw new ConfigError(`${which}: is no YAML on one line`, HINT, '--notify');
  }
}
