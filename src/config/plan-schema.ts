import { z } from 'zod';
import type { PlanContent } from '../domain/tenant/written-plan.ts';
import { components, replaceLatest, takeAlong } from './choices-schema.ts';
import { images } from './images-schema.ts';
import { projectName, secretName } from './names-schema.ts';
import { versionText } from './version-schema.ts';

const text = z.string();
const count = z.number().nonnegative();

export const windowPolicy = z.strictObject({
  windows: z.array(z.strictObject({ opens: text, durationMinutes: count, zone: text })),
  freezes: z.array(z.strictObject({ from: text, to: text, zone: text, name: text.optional() })),
  estimate: z.strictObject({ switchMinutes: count, rollbackMinutes: count }).optional(),
});

const choices = z.strictObject({
  path: text,
  options: z.strictObject({
    images: images.optional(),
    impersonation: z.strictObject({ fromSecret: secretName }).optional(),
    releaseEverywhere: z.boolean().optional(),
    assumedVersion: versionText.optional(),
    components: components.optional(),
    takeAlong: takeAlong.optional(),
    replaceLatest: replaceLatest.optional(),
  }),
  windows: windowPolicy,
  onFailure: z.enum(['revert', 'hold']),
  logs: z.boolean(),
});

const change = z.strictObject({
  object: text,
  path: text,
  before: text.optional(),
  after: text.optional(),
});

/** A tenant as it was found. */
export const found = {
  installation: z.enum(['from', 'upgraded', 'half-upgraded', 'unknown']),
  version: text.optional(),
  findings: z.array(
    z.strictObject({
      check: text,
      severity: z.enum(['fatal', 'warning']),
      object: text.optional(),
      message: text,
      hint: text,
    }),
  ),
  steps: z.array(
    z.strictObject({
      id: text,
      title: text,
      guide: text,
      status: z.enum(['todo', 'done', 'absent', 'blocked']),
      changes: z.array(change),
      note: text.optional(),
    }),
  ),
  objects: z.record(text, z.strictObject({ uid: text, fields: z.unknown() })),
};

/** What was planned, as a plan file holds it. */
const content = z.strictObject({
  tenant: z.strictObject({ cluster: text, context: text, namespace: projectName }),
  choices,
  pathHash: text,
  ...found,
});

/** When, by whom and with which release it was made: no part of what was planned. */
export const made = z.strictObject({ at: text, by: text, release: text });

export const planFileSchema = z.strictObject({
  format: text,
  formatVersion: z.number(),
  hash: text,
  made,
  plan: content,
});

export type PlanMade = z.output<typeof made>;

/** The schema and the type say the same, but for fields that may be there and undefined. */
export const contentOf = (plan: z.output<typeof content>): PlanContent => plan as PlanContent;
