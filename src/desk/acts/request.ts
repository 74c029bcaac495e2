import { z } from 'zod';
import { CliError } from '../../cli/cli-error.ts';
import type { ActRequest } from '../contract.ts';

const LONGEST_NAME = 300;
const LONGEST_WHY = 2_000;
/** A fleet of ten thousand tenants in a file. */
export const LONGEST_FILE = 4_000_000;
const MOST_NAMED = 10_000;

const name = z.string().min(1).max(LONGEST_NAME);
const whole = z.number().int().min(1);
const allowance = z.string().max(20);
const choice = z
  .strictObject({ tenants: z.array(name).min(1).max(MOST_NAMED), wave: name, all: z.literal(true) })
  .partial();
const said = {
  by: z.string().max(LONGEST_NAME).optional(),
  why: z.string().max(LONGEST_WHY).optional(),
  confirm: z.string().max(LONGEST_NAME).optional(),
  seen: z.string().max(100).optional(),
};
const fleet = { ...said, fleet: name };
const tenant = {
  ...said,
  tenant: z.strictObject({ cluster: name, context: name, namespace: name }),
};

const schema = z.union([
  z.discriminatedUnion('act', [
    z.strictObject({ ...fleet, act: z.literal('pause'), newOnly: z.boolean().optional() }),
    z.strictObject({ ...fleet, act: z.literal('resume') }),
    z.strictObject({ ...fleet, act: z.literal('approve'), wave: name }),
    z.strictObject({ ...fleet, act: z.literal('retry'), choice, newPlan: z.boolean().optional() }),
    z.strictObject({ ...fleet, act: z.literal('skip'), choice }),
    z.strictObject({ ...fleet, act: z.literal('revert'), choice }),
    z.strictObject({ ...fleet, act: z.literal('abort'), ending: z.enum(['finish', 'revert']) }),
    z.strictObject({
      ...fleet,
      act: z.literal('set'),
      wave: name.optional(),
      maxConcurrent: whole.optional(),
      maxConcurrentPerCluster: whole.optional(),
      failed: allowance.optional(),
      blocked: allowance.optional(),
      unreachable: allowance.optional(),
      strict: z.boolean().optional(),
    }),
    z.strictObject({ ...fleet, act: z.literal('apply'), file: z.string().min(1).max(LONGEST_FILE) }),
  ]),
  z.discriminatedUnion('act', [
    z.strictObject({
      ...tenant,
      act: z.enum(['pause', 'resume', 'abort', 'retry', 'revert', 'abandon']),
    }),
    z.strictObject({ ...tenant, act: z.literal('skip-step'), step: name }),
  ]),
]);

/** What was sent, where it says what may be said. Throws CliError. */
export function actRequest(sent: unknown): ActRequest {
  const { success, data, error } = schema.safeParse(sent);
  if (success) return withoutUndefined(data) as ActRequest;
  const [issue] = error.issues;
  throw new CliError(`that is nothing that can be said: ${issue?.message ?? 'it is no act'}`, {
    hint: 'See docs/desk.md for what may be said, and how.',
  });
}

const withoutUndefined = (fields: object): object =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
