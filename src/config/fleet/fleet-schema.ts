import { z } from 'zod';
import { serverIdentity } from '../../domain/fleet/file/known-clusters.ts';
import { DEFAULT_FLEET_ESTIMATE, FLEET_LIMITS } from '../../domain/fleet/spec/spec.ts';
import { budget, maxConcurrent, minutes, percentOfRest, settings } from './fleet-schema-parts.ts';
import { projectName, shortName } from '../names-schema.ts';
import { notifyOf } from '../notify-schema.ts';

const labels = z
  .record(z.string(), z.string({ error: 'must be text: write it in quotes' }))
  .describe('Any keys and values, for select and exclude');

const selector = z
  .record(
    z.string(),
    z.union([z.string(), z.array(z.string()).min(1)], { error: 'must be a text, or a list of texts' }),
  )
  .describe('Every key must match; of a list, any value')
  .refine((keys) => Object.keys(keys).length > 0, {
    error: 'names no label: write labels: {<key>: <value>}',
  });

const namespace = projectName.describe("The tenant's project");

const site = shortName.describe('Only workers of this site (worker --site) reach it').optional();

const cluster = z.strictObject({
  context: z.string().min(1).describe("Kubeconfig context; default: the entry's own name").optional(),
  server: z
    .string()
    .refine((server) => serverIdentity(server) !== undefined, {
      error: 'is no address of an API server, as in api.example.com:6443',
    })
    .describe('Address of its API server, for a kubeconfig that does not have the context')
    .optional(),
  site,
  maxConcurrent: maxConcurrent.describe('Its tenants in flight at once').optional(),
  ...settings,
});

const tenant = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9][\w.-]{0,62}$/, {
      error: 'is no name: letters, digits, -, _ and dots, at most 63 characters',
    })
    .describe('As you call it; default: context/namespace')
    .optional(),
  cluster: z.string().describe('A key of clusters').optional(),
  context: z.string().min(1).describe('Instead of cluster: a kubeconfig context without an entry').optional(),
  namespace,
  labels: labels.optional(),
  site,
  ...settings,
});

const select = z
  .strictObject({
    labels: selector.optional(),
    tenants: z.array(z.string()).min(1).describe('Names of tenants, or cluster/namespace').optional(),
    count: z.int().min(1).describe('So many of the rest').optional(),
    percent: percentOfRest.optional(),
    rest: z.literal(true).describe('All that no other wave has').optional(),
  })
  .refine((keys) => Object.values(keys).filter((value) => value !== undefined).length === 1, {
    error: 'needs exactly one of labels, tenants, count, percent and rest',
  })
  .meta({ description: 'Exactly one of the keys', minProperties: 1, maxProperties: 1 });

const wave = z.strictObject({
  name: shortName,
  select,
  maxConcurrent: maxConcurrent.describe('Its tenants in flight at once').optional(),
  soakMinutes: z
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe('Left alone for so long, once done, before the next wave'),
  approval: z
    .enum(['required', 'none'])
    .default('none')
    .describe('required: begins only once somebody says so'),
  failureBudget: budget.optional(),
});

/** The whole fleet file; docs/fleet-file.md says it in prose. */
export const fleetFileSchema = z.strictObject({
  name: shortName.describe('One fleet runs at a time for each name'),
  ...settings,
  estimate: z
    .strictObject({
      stageMinutes: minutes.default(DEFAULT_FLEET_ESTIMATE.stageMinutes),
      switchMinutes: minutes.default(DEFAULT_FLEET_ESTIMATE.switchMinutes),
      rollbackMinutes: minutes.default(DEFAULT_FLEET_ESTIMATE.rollbackMinutes),
    })
    .default(DEFAULT_FLEET_ESTIMATE)
    .describe('How long a tenant is taken to need until this fleet has measured it'),
  clusters: z.record(z.string().min(1), cluster).default({}).describe('Clusters by any name'),
  tenants: z.array(tenant, { error: 'must be a list of tenants' }).min(1, {
    error: 'the fleet is empty: list its tenants, or find them with: threescale-upgrade fleet discover',
  }),
  exclude: z
    .array(
      z.union([z.string(), z.strictObject({ labels: selector })], {
        error: 'must be the name of a tenant, or labels: {<key>: <value>}',
      }),
    )
    .default([])
    .describe('Tenants that are listed and left out'),
  waves: z
    .array(wave)
    .max(FLEET_LIMITS.waves, { error: `one fleet may have ${FLEET_LIMITS.waves} waves` })
    .default([])
    .describe('In order; none: one wave, all'),
  maxConcurrent: maxConcurrent.default(10).describe('Tenants in flight at once, over the whole fleet'),
  maxConcurrentPerCluster: maxConcurrent.default(5).describe('Of one cluster, whose API server they share'),
  failureBudget: budget.default({ failed: { count: 0 }, strict: false }),
  retries: z
    .strictObject({
      reverted: z.int().min(0).max(10).default(0),
      afterMinutes: minutes.default(60),
    })
    .default({ reverted: 0, afterMinutes: 60 })
    .describe('How often a reverted tenant is tried again by itself, in a later window'),
  notify: notifyOf.fleet.optional(),
  order: z
    .enum(['listed', 'name', 'spread'])
    .default('listed')
    .describe('Order within a wave; spread: round robin over the clusters'),
});
