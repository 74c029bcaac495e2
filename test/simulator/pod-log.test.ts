/**
 * Logs, and the words in which a kubelet says why there is none. Nobody has recorded these: they are the kubelet's own, of
 * Kubernetes 1.11 (pkg/kubelet/kubelet_pods.go, pkg/registry/core/pod/strategy.go).
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Cluster } from '../../simulator/cluster.ts';
import { breakPod } from '../../simulator/controllers/broken-pods.ts';
import { createApiHandler } from '../../simulator/api/handler.ts';
import type { ApiAnswer } from '../../simulator/api/types.ts';
import { createCluster } from '../../simulator/create-cluster.ts';
import { createNamespace } from '../../simulator/index.ts';
import { MASTERS } from '../../simulator/identities.ts';
import { asPod } from '../../simulator/objects.ts';
import type { PodFault } from '../../simulator/pod-troubles.ts';
import { RESOURCES } from '../../simulator/resources.ts';

let cluster: Cluster;
beforeAll(() => {
  cluster = createCluster({ name: 'sim1', router: false, appsDomain: 'apps.example.test' });
  cluster.identities.addToken('admin', { user: 'admin', groups: [MASTERS, 'system:authenticated'] });
  cluster.identities.addToken('nobody', { user: 'nobody', groups: ['system:authenticated'] });
  createNamespace(cluster, 'tenant');
});
afterAll(() => {
  cluster.stop();
});

function podWith(name: string, fault: PodFault): void {
  const pod = cluster.store.create(
    RESOURCES.pods,
    {
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { name, namespace: 'tenant', uid: '', resourceVersion: '', creationTimestamp: '' },
      spec: { containers: [{ name: 'zync', image: 'zync' }] },
      status: { phase: 'Pending' },
    },
    'test',
  );
  cluster.store.update(RESOURCES.pods, { ...pod, status: breakPod(cluster, asPod(pod), fault) }, 'test');
}

function ask(path: string, query = '', token = 'admin'): ApiAnswer {
  return createApiHandler(cluster).handle({
    method: 'GET',
    path: `/api/v1/namespaces/tenant/${path}`,
    query: new URLSearchParams(query),
    headers: { authorization: `Bearer ${token}` },
    body: '',
  });
}

test('the end of a log is plain text, also of a container that waits to be started again', () => {
  podWith('crashing', { kind: 'crash-loop', log: ['one', 'two', 'three'] });
  expect(ask('pods/crashing/log', 'container=zync&tailLines=2')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'text/plain' },
    body: 'two\nthree\n',
  });
});

test.each([
  [
    'pods/pulling/log',
    '',
    400,
    'container "zync" in pod "pulling" is waiting to start: trying and failing to pull image',
  ],
  [
    'pods/pulling/log',
    'previous=true',
    400,
    'previous terminated container "zync" in pod "pulling" not found',
  ],
  ['pods/pulling/log', 'container=other', 400, 'container other is not valid for pod pulling'],
  ['pods/absent/log', '', 404, 'pods "absent" not found'],
])('%s?%s is answered %i', (path, query, status, message) => {
  if (!cluster.store.get(RESOURCES.pods, 'tenant', 'pulling')) podWith('pulling', { kind: 'image-pull' });
  expect(ask(path, query)).toMatchObject({ status, body: { message } });
});

test('whoever may read no logs is told so', () => {
  podWith('hidden', { kind: 'crash-loop', log: ['one'] });
  expect(ask('pods/hidden/log', '', 'nobody')).toMatchObject({
    status: 403,
    body: { message: expect.stringContaining('cannot get resource "pods/log"') },
  });
});

test('warnings are found by their type, and say of which container they are', () => {
  podWith('warned', { kind: 'oom-killed' });
  const { body } = ask('events', 'fieldSelector=type=Warning,involvedObject.name=warned');
  expect(body).toMatchObject({
    kind: 'EventList',
    items: [
      {
        type: 'Warning',
        reason: 'BackOff',
        count: 4,
        involvedObject: { kind: 'Pod', name: 'warned', fieldPath: 'spec.containers{zync}' },
      },
    ],
  });
});
