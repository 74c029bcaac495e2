import { parse } from 'yaml';
import type { Receiver } from '../domain/notify/receivers.ts';
import type { Scope } from '../domain/notify/triggers.ts';
import { plainDeep } from '../domain/text/plain-text.ts';
import { notifyOf } from './notify-schema.ts';
import { ConfigError } from './reading/config-error.ts';

const HINT =
  "As in: --notify '{name: ops, webhook: {url: https://example.com/hook, secret: {env: THREESCALE_UPGRADE_NOTIFY_OPS}}}'; see docs/notifications.md.";

/** Receivers as flags name them, each as a file would, on one line. Throws ConfigError, with all that is wrong. */
export function receiversByFlags(texts: readonly string[], scope: Scope | 'any'): readonly Receiver[] {
  const { data, error } = notifyOf[scope].safeParse(texts.map(parsed));
  if (data) return plainDeep(data);
  const said = error.issues.map(({ path: [index, ...place], message }) => {
    const where = place.length > 0 ? `${place.map(String).join('.')}: ` : '';
    return `--notify ${texts[Number(index)] ?? ''}: ${where}${message}`;
  });
  throw new ConfigError(said.join('\n'), HINT, '--notify');
}

/** Those of flags go before those of a file that have the same name. */
export function withFlags(ofFile: readonly Receiver[], byFlags: readonly Receiver[]): readonly Receiver[] {
  const names = new Set(byFlags.map(({ name }) => name));
  return [...ofFile.filter(({ name }) => !names.has(name)), ...byFlags];
}

function parsed(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    throw new ConfigError(`--notify ${text}: is no YAML on one line`, HINT, '--notify');
  }
}
