import { z } from 'zod';
import type { Receiver } from '../domain/notify/receivers.ts';
import { notifyOf } from './notify-schema.ts';
import { readYaml } from './reading/read-yaml.ts';

const schema = z.looseObject({
  name: z.string().optional(),
  context: z.string().optional(),
  namespace: z.string().optional(),
  notify: notifyOf.any.default([]),
});

/** Who is told by a fleet file or a tenant file, and how it calls itself; the rest of it is not looked at. Throws ConfigError. */
export function readReceivers(file: string): {
  readonly of: string;
  readonly receivers: readonly Receiver[];
} {
  const { name, context, namespace, notify } = readYaml(file, schema, {
    kind: 'fleet',
    hint: 'See docs/notifications.md.',
  });
  const tenant = [context, namespace].filter((part) => part !== undefined).join('/');
  return { of: name ?? (tenant === '' ? 'test' : tenant), receivers: notify };
}
