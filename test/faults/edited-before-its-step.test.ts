/** Issue 12, fault 5: somebody's edit of a field that the path touches, between backup and step, is never lost. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Operation } from 'fast-json-patch';
import type { DeploymentConfig, ImageStream, Resource, Route } from '../../src/openshift/types.ts';
import { patchObject } from '../support/edit-object.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { pausedAfter, resumed } from '../support/mid-upgrade.ts';
import { objectsOf } from '../support/objects.ts';

let lab: Lab;
beforeAll(async () => {
  lab = await openLab();
});
afterAll(() => lab.close());

interface Edit {
  readonly name: string;
  readonly resource: Resource;
  readonly object: string;
  /** Happens when this step is done or under way: that of the edited field comes later. */
  readonly after: string;
  readonly operations: (object: never) => readonly Operation[];
  readonly names: string;
  /** Of the edited object. */
  readonly stays: string;
}

const envOf = (config: DeploymentConfig, name: string, value: string): Operation[] => [
  {
    op: 'add',
    path: '/spec/template/spec/containers/0/env',
    value: [
      ...(config.spec.template.spec.containers[0]?.env ?? []).filter((variable) => variable.name !== name),
      { name, value },
    ],
  },
];
const config = (edit: Omit<Edit, 'resource'>): Edit => ({ resource: 'deploymentconfigs', ...edit });

const EDITS: readonly Edit[] = [
  config({
    name: 'the image of memcache',
    object: 'system-memcache',
    after: 'create-master-route',
    operations: () => [
      { op: 'replace', path: '/spec/template/spec/containers/0/image', value: 'example.test/memcached:own' },
    ],
    names: 'dc/system-memcache: image of memcache',
    stays: 'example.test/memcached:own',
  }),
  config({
    name: 'RAILS_MAX_THREADS',
    object: 'system-sidekiq',
    after: 'create-master-route',
    operations: (object: DeploymentConfig) => envOf(object, 'RAILS_MAX_THREADS', '7'),
    names: 'dc/system-sidekiq: variable RAILS_MAX_THREADS',
    stays: '"name":"RAILS_MAX_THREADS","value":"7"',
  }),
  config({
    name: 'AMP_RELEASE',
    object: 'system-app',
    after: 'create-master-route',
    operations: (object: DeploymentConfig) => envOf(object, 'AMP_RELEASE', '2.3.1-ours'),
    names: 'dc/system-app: variable AMP_RELEASE',
    stays: '2.3.1-ours',
  }),
  {
    name: 'the tag latest',
    resource: 'imagestreams',
    object: 'amp-zync',
    after: 'create-master-route',
    operations: (stream: ImageStream) => [
      {
        op: 'replace',
        path: `/spec/tags/${(stream.spec.tags ?? []).findIndex(({ name }) => name === 'latest')}`,
        value: { name: 'latest', from: { kind: 'DockerImage', name: 'example.test/zync:own' } },
      },
    ],
    names: 'imagestream/amp-zync: its tag latest',
    stays: 'example.test/zync:own',
  },
  {
    name: 'a route that is to be copied',
    resource: 'routes',
    object: 'system-master-admin',
    after: 'pause-rollouts',
    operations: (_route: Route) => [{ op: 'add', path: '/spec/path', value: '/admin' }],
    names: 'route/system-master-admin: spec.path',
    stays: '"path":"/admin"',
  },
  config({
    name: 'a DeploymentConfig that is to be deleted',
    object: 'system-resque',
    after: 'roll-out-system-app',
    operations: () => [{ op: 'replace', path: '/spec/replicas', value: 3 }],
    names: 'dc/system-resque: spec.replicas',
    stays: '"replicas":3',
  }),
  {
    name: 'a route that is to be deleted',
    resource: 'routes',
    object: 'system-master-admin',
    after: 'roll-out-system-app',
    operations: (_route: Route) => [
      {
        op: 'replace',
        path: '/spec/tls',
        value: { termination: 'edge', insecureEdgeTerminationPolicy: 'Redirect' },
      },
    ],
    names: 'route/system-master-admin: spec.tls.insecureEdgeTerminationPolicy',
    stays: 'Redirect',
  },
];

test.each(EDITS)(
  '$name: it is noticed, and it stays',
  async ({ name, resource, object, after, operations, names, stays }) => {
    const namespace = name.replaceAll(/[\W_]/g, '-').toLowerCase();
    await lab.simulator.install('sim1', namespace);
    const find = () =>
      objectsOf(lab.cluster, resource as 'routes', namespace).find(
        ({ metadata }) => metadata.name === object,
      );
    const handle = await pausedAfter(lab, namespace, after, { onFailure: 'hold' });
    const { clusters } = lab;
    const read = await clusters.open(clusters.tenant('sim1', namespace)).get(resource, object);
    await patchObject(lab, namespace, resource, object, operations(read as never));
    await lab.cluster.settle();
    const progress = await resumed(handle);
    expect(progress).toMatchObject({ state: 'held', held: { failure: { type: 'EditedByOthers' } } });
    expect(progress.held?.failure.message).toContain(names);
    expect(JSON.stringify(find()?.spec)).toContain(stays);
  },
);
