import { expect, test } from '@jest/globals';
import { ANNOTATION } from '../../simulator/objects.ts';
import { RESOURCES } from '../../simulator/resources.ts';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import { createApiHandler } from '../../simulator/api/handler.ts';

/** The hook fails before its pod is ended, and its pod is ended before it is tried again. */
const TIMING = { rolloutMs: 10, hookMs: 80, importMs: 5, terminationMs: 60 };

function rollOutSystemApp({ clusters: [cluster] }: Simulator): void {
  if (!cluster) throw new Error('there is no cluster');
  createApiHandler(cluster).handle({
    method: 'POST',
    path: '/apis/apps.openshift.io/v1/namespaces/tenant/deploymentconfigs/system-app/instantiate',
    query: new URLSearchParams(),
    headers: { authorization: 'Bearer sim1-admin-token', 'content-type': 'application/json' },
    body: JSON.stringify({
      kind: 'DeploymentRequest',
      apiVersion: 'apps.openshift.io/v1',
      name: 'system-app',
      latest: true,
      force: true,
    }),
  });
}

test('a hook that is tried again waits for its last pod to go, also on a machine that is late with everything', async () => {
  const simulator = await startSimulator({ timing: TIMING });
  try {
    await simulator.install('sim1', 'tenant');
    const { store, faults, settle } = simulator.cluster('sim1');
    faults.onWork('hook', { namespace: 'tenant', name: 'system-app/pre', message: 'exit code 1', times: 1 });
    // Node runs all timers of one length together: on a late machine the first of them takes others ahead of shorter ones.
    let blocked = false;
    store.subscribe(({ type, resource, object }) => {
      if (blocked || type !== 'ADDED' || resource !== RESOURCES.pods) return;
      if (object.metadata.name !== 'system-app-2-hook-pre') return;
      setTimeout(() => undefined, TIMING.terminationMs * 2);
      setTimeout(() => {
        blocked = true;
        const until = performance.now() + 300;
        while (performance.now() < until);
      }, TIMING.hookMs + 20);
    });
    rollOutSystemApp(simulator);
    await settle();
    expect(blocked).toBe(true);
    const newest = store.get(RESOURCES.replicationcontrollers, 'tenant', 'system-app-2');
    expect(newest?.metadata.annotations?.[ANNOTATION.phase]).toBe('Complete');
  } finally {
    await simulator.close();
  }
});
