/** Issue 12, fault 3: a creation of our own whose answer was lost takes effect between a later attempt's look and its own. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Backup } from '../../src/procedure/backup/backup.ts';
import { createRoute } from '../../src/procedure/steps/create-route.ts';
import { createSecret } from '../../src/procedure/steps/create-secret.ts';
import type { Done, Work } from '../../src/procedure/steps/step-module.ts';
import { offerImpersonation } from '../../src/procedure/preflight/impersonation-source.ts';
import { stepsFrom23To24 } from '../../src/domain/paths/2.3-to-2.4/steps.ts';
import type { StepKind, StepOf } from '../../src/domain/tenant/step-kinds.ts';
import type { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { SimulatedClusters } from '../support/simulated-clusters.ts';
import { openClusters } from '../support/simulated-clusters.ts';

let lab: SimulatedClusters;
beforeAll(async () => {
  lab = await openClusters();
});
afterAll(() => lab.close());

const SOURCE = 'impersonation-source';

const installed = async (namespace: string): Promise<TenantApi> => {
  await lab.simulator.install('sim1', namespace);
  const api = lab.clusters.open(lab.clusters.tenant('sim1', namespace));
  await offerImpersonation(api, SOURCE, { username: 'three-scale-admin', domain: 'example.test' });
  return api;
};

/** What is created here is created a moment before as well, by `first`, or just so. */
const late = (api: TenantApi, first = (_: TenantApi): Promise<unknown> | undefined => undefined): TenantApi =>
  new Proxy(api, {
    get: (target, key) => {
      const value = Reflect.get(target, key, target) as unknown;
      if (key !== 'create') return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      return async (...args: Parameters<TenantApi['create']>) => {
        await (first(api) ?? api.create(...args));
        return api.create(...args);
      };
    },
  });

const workOn = (api: TenantApi, backup?: Backup): Work => ({
  api,
  path: { from: '2.3', to: '2.4' },
  mark: 'upgrade/sim1/t',
  backup: () => Promise.resolve(backup),
});

const STEPS = stepsFrom23To24({ impersonation: { fromSecret: SOURCE } });
function stepOf<K extends StepKind>(wanted: K): StepOf<K> {
  const found = STEPS.find((step): step is StepOf<K> => step.kind === wanted);
  if (!found) throw new Error(`the path has no step ${wanted}`);
  return found;
}

const DONE: Done = { status: 'done' };

test('a Secret', async () => {
  const api = await installed('late-secret');
  const step = stepOf('create-secret');
  expect(await createSecret.apply(workOn(late(api)), step)).toEqual(DONE);
  expect(await createSecret.verify(workOn(api), step, 'staged')).toEqual([]);
});

test('a Secret that somebody else has created meanwhile, with other values, is theirs', async () => {
  const api = await installed('late-secret-of-others');
  const step = stepOf('create-secret');
  const others = (plain: TenantApi): Promise<unknown> =>
    plain.create('secrets', {
      metadata: { name: step.secret },
      type: 'Opaque',
      data: { username: 'eA==', domain: 'eA==' },
    });
  await expect(createSecret.apply(workOn(late(api, others)), step)).rejects.toMatchObject({
    type: 'EditedByOthers',
  });
});

test('a route', async () => {
  const api = await installed('late-route');
  const step = stepOf('create-route');
  const [deploymentconfigs, imagestreams, routes] = await Promise.all([
    api.list('deploymentconfigs'),
    api.list('imagestreams'),
    api.list('routes'),
  ]);
  const before = { deploymentconfigs, imagestreams, routes, secrets: [] };
  expect(await createRoute.apply(workOn(late(api), before), step)).toEqual(DONE);
  expect(await createRoute.verify(workOn(api), step, 'staged')).toEqual([]);
});
