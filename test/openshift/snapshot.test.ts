import { expect, test } from '@jest/globals';
import { Snapshot } from '../../src/openshift/snapshot.ts';
import type { TenantReader } from '../../src/openshift/tenant-api.ts';
import { TenantApi } from '../../src/openshift/tenant-api.ts';
import type { ApiRequest, ApiResponse } from '../../src/openshift/http/transport.ts';
import { Transport } from '../../src/openshift/http/transport.ts';
import { KubeConfig } from '@kubernetes/client-node';

/** Answers every list with the same objects, and every other read with a Secret. */
class Answers extends Transport {
  readonly asked: string[] = [];
  constructor() {
    super(new KubeConfig());
  }
  override request({ path }: ApiRequest): Promise<ApiResponse> {
    this.asked.push(path.split('/namespaces/tenant/')[1] ?? path);
    const items = ['a-1', 'b-1'].map((name) => ({ metadata: { name, labels: { of: name.slice(0, 1) } } }));
    return Promise.resolve({ status: 200, body: path.includes('/secrets/') ? items[0] : { items } });
  }
}

function look(): { snapshot: TenantReader; asked: readonly string[] } {
  const answers = new Answers();
  return { snapshot: new Snapshot(new TenantApi(answers, 'tenant')), asked: answers.asked };
}

test('however many objects of a kind are asked for, the kind is listed once', async () => {
  const { snapshot, asked } = look();
  const [a, none, all] = await Promise.all([
    snapshot.get('deploymentconfigs', 'a-1'),
    snapshot.get('deploymentconfigs', 'none'),
    snapshot.list('deploymentconfigs'),
  ]);
  expect([a?.metadata.name, none, all.length]).toEqual(['a-1', undefined, 2]);
  expect(asked).toEqual(['deploymentconfigs']);
});

test('replication controllers are listed after the configs that name them', async () => {
  const { snapshot, asked } = look();
  await Promise.all([snapshot.list('replicationcontrollers'), snapshot.list('deploymentconfigs')]);
  expect(asked).toEqual(['deploymentconfigs', 'replicationcontrollers']);
});

test('a label selector chooses among what was listed', async () => {
  const { snapshot, asked } = look();
  const chosen = await snapshot.list('routes', 'of=b');
  expect(chosen.map(({ metadata }) => metadata.name)).toEqual(['b-1']);
  expect(asked).toEqual(['routes']);
});

test('secrets are read one by one, each once, and never listed', async () => {
  const { snapshot, asked } = look();
  await Promise.all([snapshot.get('secrets', 'x'), snapshot.get('secrets', 'x')]);
  await snapshot.get('secrets', 'y');
  expect(asked).toEqual(['secrets/x', 'secrets/y']);
});
