import { z } from 'zod';
import { isZone, zoneProblem } from '../../domain/windows/zone.ts';
import type { Allowance } from '../../domain/fleet/spec/spec.ts';
import { FLEET_LIMITS } from '../../domain/fleet/spec/spec.ts';
import { components, replaceLatest, takeAlong } from '../choices-schema.ts';
import { images } from '../images-schema.ts';
import { secretName } from '../names-schema.ts';
import { versionText } from '../version-schema.ts';

export const minutes = z.int({ error: 'must be a whole number of minutes' }).min(1).max(100_000);

export const maxConcurrent = z
  .int({ error: 'must be a whole number' })
  .min(1)
  .max(FLEET_LIMITS.inFlight, { error: `at most ${FLEET_LIMITS.inFlight} may be in flight at once` });

/** Allowed on the fleet, on a cluster and on a tenant. */
export const settings = {
  path: z.string().describe('The upgrade path; default 2.3-2.4').optional(),
  images: images.describe('Mirrored images; key by key, the most specific one wins').optional(),
  impersonation: z
    .strictObject({ secret: secretName })
    .describe("A Secret in each tenant's project with the keys username and domain")
    .optional(),
  releaseEverywhere: z
    .boolean()
    .describe("Also set AMP_RELEASE in system-app's pre-hook and dc/system-sidekiq")
    .optional(),
  assumeVersion: versionText
    .describe('What installations are taken for of which nothing names the version')
    .optional(),
  components: components
    .describe(
      'Of components whose image comes from elsewhere: follow the new version, or leave them as they are',
    )
    .optional(),
  takeAlong: takeAlong
    .describe("The owner's own DeploymentConfigs that follow, each with the component beside which it rolls")
    .optional(),
  replaceLatest: replaceLatest
    .describe('Image streams whose latest is replaced whatever image it has')
    .optional(),
  onFailure: z.enum(['revert', 'hold']).describe('Before the point of no return; default revert').optional(),
  onClose: z
    .enum(['finish-step', 'finish-tenant', 'revert-staged'])
    .describe('What a tenant does whose window closes; default finish-step')
    .optional(),
  logs: z
    .boolean()
    .describe('Show the end of the log of a pod that fails, redacted; default true')
    .optional(),
  windows: z
    .array(
      z.strictObject({
        opens: z.string().describe('Cron line of five fields'),
        durationMinutes: minutes,
        zone: z.string().describe('IANA time zone'),
      }),
    )
    .describe('Maintenance windows; none: always open')
    .optional(),
  freezes: z
    .array(
      z.union([
        z.strictObject({
          from: z.string().describe('Inclusive; a date or date-time'),
          to: z.string().describe('Exclusive'),
          zone: z.string().describe('IANA time zone'),
          name: z.string().optional(),
        }),
        z.strictObject({
          calendar: z.string().min(1).describe('An iCalendar file, relative to the fleet file'),
          zone: z
            .string()
            .refine(isZone, { error: ({ input }) => zoneProblem(String(input)) })
            .describe('IANA time zone of its days, and of its times without one; default: its X-WR-TIMEZONE')
            .optional(),
        }),
      ]),
    )
    .describe(
      'Nothing starts and no step begins in them; those of the fleet, the cluster and the tenant add up',
    )
    .optional(),
};

const PERCENT = /^(100(\.0{1,2})?|\d{1,2}(\.\d{1,2})?)%$/;

const SOME = 'must be a number of tenants, or 0% to 100% with at most two decimals, as in 3 or 2.5%';

const allowance = z
  .union([z.int({ error: SOME }).min(0, { error: SOME }), z.string().regex(PERCENT, { error: SOME })], {
    error: SOME,
  })
  .transform((value): Allowance =>
    typeof value === 'number' ? { count: value } : { percent: Number(value.slice(0, -1)) },
  );

/** How many may go wrong. */
export const budget = z
  .strictObject({
    failed: allowance.optional().describe('Reverted, held, or ended from outside'),
    blocked: allowance.optional().describe('A check stood against them'),
    unreachable: allowance.optional().describe('Their cluster does not answer'),
    strict: z
      .boolean()
      .default(false)
      .describe(
        'Those in flight count as failed before another one starts, so that failed is never exceeded',
      ),
  })
  .describe('More than so many, and nothing new starts; a percentage is rounded down');

const SHARE = 'must be more than 0 and at most 100, with at most two decimals';

export const percentOfRest = z
  .number({ error: SHARE })
  .gt(0, { error: SHARE })
  .max(100, { error: SHARE })
  // Not multipleOf: 0.07 is no whole multiple of 0.01 in floating point.
  .refine((percent) => Number(percent.toFixed(2)) === percent, { error: SHARE })
  .describe('So many percent of the rest, rounded up');
