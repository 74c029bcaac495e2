import { z } from 'zod';
import { projectName, shortName } from '../names-schema.ts';
import { notifyOf } from '../notify-schema.ts';
import { found, made, windowPolicy } from '../plan-schema.ts';

const text = z.string();
const count = z.int().nonnegative();

const allowance = z.union([z.strictObject({ count }), z.strictObject({ percent: z.number().nonnegative() })]);
const budget = z.strictObject({
  failed: allowance.optional(),
  blocked: allowance.optional(),
  unreachable: allowance.optional(),
  strict: z.boolean().optional(),
});

/** A fleet's file as it was meant. */
const fleet = z
  .strictObject({
    name: shortName,
    hash: text,
    paths: z.array(z.strictObject({ from: text, to: text, hash: text })),
    windows: z.array(windowPolicy),
    clusters: z.array(
      z.strictObject({
        cluster: text,
        context: text,
        name: text.optional(),
        site: text.optional(),
        maxConcurrent: count.optional(),
      }),
    ),
    profiles: z.array(
      z.strictObject({
        path: count,
        windows: count,
        onFailure: z.enum(['revert', 'hold']),
        onClose: z.enum(['finish-step', 'finish-tenant', 'revert-staged']),
        logs: z.literal(false).optional(),
      }),
    ),
    tenants: z.array(
      z.strictObject({ cluster: count, namespace: projectName, profile: count, name: text.optional() }),
    ),
    waves: z.array(
      z.strictObject({
        name: shortName,
        tenants: count,
        maxConcurrent: count.optional(),
        soakMinutes: count,
        approval: z.enum(['required', 'none']),
        failureBudget: budget.optional(),
      }),
    ),
    maxConcurrent: count,
    maxConcurrentPerCluster: count,
    failureBudget: budget,
    estimate: z.strictObject({ stageMinutes: count, switchMinutes: count, rollbackMinutes: count }),
    retries: z.strictObject({
      transientAttempts: count,
      outcomeAttempts: count,
      unreachableAttempts: count.optional(),
      lateWriteSeconds: count.optional(),
    }),
    autoRetries: count,
    retryAfterMinutes: count,
    notify: notifyOf.fleet.optional(),
  })
  .refine(
    ({ clusters, profiles, paths, windows, tenants }) =>
      tenants.every(({ cluster, profile }) => cluster < clusters.length && profile < profiles.length) &&
      profiles.every((profile) => profile.path < paths.length && profile.windows < windows.length),
    { error: 'names what is not in it' },
  );

/** What was planned for a fleet, as a plan file holds it. */
export const fleetPlanSchema = z.strictObject({
  format: text,
  formatVersion: z.number(),
  hash: text,
  made,
  plan: z.strictObject({
    fleet,
    tenants: z.array(z.strictObject({ tenant: text, pathHash: text, ...found })),
  }),
});
