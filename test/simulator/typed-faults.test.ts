import { afterEach, describe, expect, test } from '@jest/globals';
import type { Cluster } from '../../simulator/cluster.ts';
import { FaultError, readFault } from '../../simulator/fault-words.ts';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { askRegistry } from '../../simulator/images/import.ts';
import { images24 } from '../../simulator/installation/images.ts';
import { scriptFaults } from '../../simulator/typed-faults.ts';
import { RESOURCES } from '../../simulator/resources.ts';

describe('a fault as it is typed', () => {
  test.each([
    ['rollout-fails=zync:2', { kind: 'rollout-fails', name: 'zync', times: 2 }],
    ['rollout-fails=tenant-2/zync', { kind: 'rollout-fails', project: 'tenant-2', name: 'zync' }],
    ['hook-fails=sim2/system-app', { kind: 'hook-fails', cluster: 'sim2', name: 'system-app' }],
    [
      'import-fails=sim1/tenant-2/zync:9',
      { kind: 'import-fails', cluster: 'sim1', project: 'tenant-2', name: 'zync', times: 9 },
    ],
    ['broken-image=sim1/system', { kind: 'broken-image', cluster: 'sim1', name: 'system' }],
    ['unreachable=30s', { kind: 'unreachable', forMs: 30_000 }],
  ])('%s', (typed, fault) => {
    expect(readFault(typed)).toEqual(fault);
  });

  test.each([
    ['', 'rollout-fails=zync:2'],
    ['zync', 'rollout-fails=zync:2'],
    ['rollout-breaks=zync', 'rollout-fails=zync:2'],
    ['rollout-fails=', 'DeploymentConfig'],
    ['rollout-fails=zync:0', 'whole number'],
    ['rollout-fails=zync:1.5', 'whole number'],
    ['rollout-fails=zync:1:2', 'whole number'],
    ['rollout-fails=a/b/zync', 'a is no cluster'],
    ['rollout-fails=sim1/a/b/zync', 'a cluster, a project, or both'],
    ['rollout-fails=/zync', 'a cluster, a project, or both'],
    ['import-fails=amp-system', 'system, apicast, backend, zync'],
    ['broken-image=zync:2', 'system, apicast, backend, zync'],
    ['broken-image=tenant-1/zync', 'no project'],
    ['unreachable=30', '30s'],
    ['unreachable=0s', '30s'],
    ['unreachable=sim1/tenant-1/30s', 'no project'],
  ])('%j is none: %s', (typed, says) => {
    expect(() => readFault(typed)).toThrow(FaultError);
    expect(() => readFault(typed)).toThrow(says);
  });
});

describe('in simulated clusters', () => {
  let simulator: Simulator | undefined;
  afterEach(() => simulator?.close());

  async function two(...typed: string[]): Promise<{ sim1: Cluster; sim2: Cluster; started: Simulator }> {
    const started = (simulator = await startSimulator({ clusters: 2, tenants: 2 }));
    scriptFaults(started, typed.map(readFault));
    return { sim1: started.cluster('sim1'), sim2: started.cluster('sim2'), started };
  }

  test('work fails where it was said, as often as it was said', async () => {
    const { sim1, sim2 } = await two('rollout-fails=sim1/tenant-2/zync:2', 'hook-fails=system-app:1');
    const failing = [1, 2, 3].map(() => sim1.faults.work('rollout', 'tenant-2', 'zync')?.message);
    expect(failing).toEqual(['pods did not become ready', 'pods did not become ready', undefined]);
    expect(sim1.faults.work('rollout', 'tenant-1', 'zync')).toBeUndefined();
    expect(sim2.faults.work('rollout', 'tenant-2', 'zync')).toBeUndefined();
    // Each cluster counts for itself.
    for (const { faults } of [sim1, sim2]) {
      expect(faults.work('hook', 'tenant-1', 'system-app/pre')).toBeDefined();
      expect(faults.work('hook', 'tenant-1', 'system-app/pre')).toBeUndefined();
    }
  });

  test('an image cannot be imported, or can and does not run', async () => {
    const { sim1, sim2 } = await two('import-fails=tenant-1/zync:1', 'broken-image=sim2/system');
    const { zync, system } = images24();
    expect(askRegistry(sim1, 'tenant-2', zync).status).toBe('found');
    const failed = askRegistry(sim1, 'tenant-1', zync);
    expect(failed.status === 'failed' && failed.message).toContain('connection refused');
    expect(askRegistry(sim1, 'tenant-1', zync).status).toBe('found');
    expect(askRegistry(sim2, 'tenant-1', system).status).toBe('found');
    const running = [`${system}@sha256:0`];
    expect([sim1, sim2].map(({ registry }) => registry.failsToRun(running, 'system-app'))).toEqual([
      false,
      true,
    ]);
  });

  test('a cluster is gone from the first change on that somebody makes, and comes back', async () => {
    const { sim1, sim2 } = await two('unreachable=sim1/600s');
    const request = { method: 'GET', path: '/api/v1/namespaces/tenant-1/pods', user: 'sim1-admin' };
    const config = sim1.store.get(RESOURCES.deploymentconfigs, 'tenant-1', 'zync');
    if (!config) throw new Error('there is no zync');
    const annotated = (writer: string): unknown =>
      sim1.store.update(
        RESOURCES.deploymentconfigs,
        { ...config, metadata: { ...config.metadata, resourceVersion: '', annotations: { by: writer } } },
        writer,
      );
    annotated('system:controller:test');
    await new Promise(setImmediate);
    expect(sim1.faults.request(request)).toEqual([]);
    annotated('somebody');
    await new Promise(setImmediate);
    expect(sim1.faults.request(request)).toEqual([{ kind: 'reset' }]);
    expect(sim2.faults.request(request)).toEqual([]);
  });

  test.each([
    ['rollout-fails=zink', /no DeploymentConfig called zink; there are: .*zync/],
    ['rollout-fails=tenant-9/zync', /no project tenant-9; there are: tenant-1, tenant-2$/],
    ['hook-fails=zync', /no DeploymentConfig with a pre-hook called zync; there is: system-app$/],
    ['broken-image=sim9/zync', /no cluster sim9; there are: sim1, sim2$/],
  ])('%s is refused', async (typed, says) => {
    await expect(two(typed)).rejects.toThrow(says);
  });
});
