import { z } from 'zod';
import type { Receiver } from '../domain/notify/receivers.ts';
import {
  addressProblem,
  commandProblem,
  kindOf,
  KINDS,
  NOTIFY_LIMITS,
  secretProblem,
  serverProblem,
  templateProblem,
  urlProblem,
} from '../domain/notify/receivers.ts';
import type { Scope, Trigger } from '../domain/notify/triggers.ts';
import { TRIGGERS, triggersOf } from '../domain/notify/triggers.ts';
import { shortName } from './names-schema.ts';

/** A text in which a rule finds nothing wrong. */
const checked = (problem: (text: string) => string | undefined): z.ZodString =>
  z.string().superRefine((text, context) => {
    const message = problem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  });

const AS_SECRET = 'must name a secret of the worker: {env: THREESCALE_UPGRADE_NOTIFY_…} or {file: <name>}';

const secret = z
  .union(
    [
      z.strictObject({ env: checked((env) => secretProblem({ env })) }),
      z.strictObject({ file: checked((file) => secretProblem({ file })) }),
    ],
    { error: (issue) => (typeof issue.input === 'object' ? undefined : AS_SECRET) },
  )
  .describe('Where the worker that sends finds it: a variable, or a file in its folder of secrets');

const literalOr = (problem: (text: string) => string | undefined) =>
  z.union([checked(problem), secret], {
    error: ({ input }) => (typeof input === 'string' ? problem(input) : undefined),
  });

const webhook = z.strictObject({
  url: literalOr(urlProblem).describe('https://…, or a secret'),
  secret: secret.describe('Signs what is sent, as Standard Webhooks has it').optional(),
});

const address = checked(addressProblem);
const email = z.strictObject({
  from: address,
  to: z.array(address).min(1).max(50),
  server: literalOr(serverProblem).describe(
    'smtp://host:587 or smtps://host; with a name and a password, a secret',
  ),
  starttls: z
    .enum(['required', 'if-offered'])
    .describe('Of smtp://; default required, and always with a password')
    .optional(),
});

const lines = z
  .union([z.string(), z.array(z.string())])
  .transform((text) => (typeof text === 'string' ? text.trimEnd().split('\n') : text))
  .superRefine((text, context) => {
    const message = templateProblem(text.join('\n'));
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .describe('Plain text with {{names}}; its first line is the subject');

function receiver(triggers: readonly Trigger[]) {
  const trigger = z.enum(triggers, { error: `is no trigger here; there are ${triggers.join(', ')}` });
  return z
    .strictObject({
      name: shortName.describe('As you call it; default: webhook, slack, email or command').optional(),
      webhook: webhook.describe('CloudEvents as JSON, signed').optional(),
      slack: z
        .strictObject({ url: secret })
        .describe('An incoming webhook of Slack, or of what understands the same')
        .optional(),
      email: email.optional(),
      command: checked(commandProblem)
        .describe('In the worker’s folder of commands; gets the CloudEvent on its standard input')
        .optional(),
      triggers: z.array(trigger).min(1).describe('Default: all that there are').optional(),
      waves: z.array(shortName).min(1).describe('Of what is about a wave, only these').optional(),
      templates: z.partialRecord(trigger, lines).describe('Words of your own').optional(),
    })
    .refine((own) => KINDS.filter((kind) => own[kind] !== undefined).length === 1, {
      error: `needs exactly one of ${KINDS.join(', ')}`,
    })
    .transform(({ name, ...own }): Receiver => ({ name: name ?? kindOf({ ...own, name: '' }), ...own }));
}

function receivers(triggers: readonly Trigger[]) {
  return z
    .array(receiver(triggers), { error: 'must be a list of receivers' })
    .max(NOTIFY_LIMITS.receivers, { error: `at most ${NOTIFY_LIMITS.receivers} receivers can be told` })
    .superRefine((own, context) => {
      own.forEach(({ name }, index) => {
        if (own.findIndex((other) => other.name === name) < index)
          context.addIssue({
            code: 'custom',
            path: [index],
            message: `a receiver is called ${name} already: give each a name`,
          });
      });
    })
    .describe('Who is told of what; see docs/notifications.md');
}

/** `notify:` of a fleet file and of a tenant file; and of either, to see whether messages arrive. */
export const notifyOf: Readonly<Record<Scope | 'any', ReturnType<typeof receivers>>> = {
  fleet: receivers(triggersOf('fleet')),
  tenant: receivers(triggersOf('tenant')),
  any: receivers(TRIGGERS),
};
