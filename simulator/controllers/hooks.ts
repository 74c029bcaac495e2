import type { Cluster } from '../cluster.ts';
import { ANNOTATION, DEPLOYER_LABEL, HOOK_LABEL } from '../objects.ts';
import type { Hook, ReplicationController } from '../objects.ts';
import { createHelperPod, deletePod, hasPod, setPhase } from './helper-pods.ts';

/** How often a hook with failurePolicy Retry is tried before the deployer's deadline ends it. */
const RETRIES = 3;

/** Runs a lifecycle hook in a pod of its own. Abort fails the rollout, Ignore goes on, Retry tries again. */
export function runHook(
  cluster: Cluster,
  rc: ReplicationController,
  name: 'pre' | 'mid' | 'post',
  hook: Hook,
  next: () => void,
  fail: (why: string) => void,
  attempt = 1,
): void {
  const { runtime, timing } = cluster;
  const { namespace = '' } = rc.metadata;
  const config = rc.metadata.annotations?.[ANNOTATION.config] ?? '';
  const pod = `${rc.metadata.name}-hook-${name}`;
  if (attempt > 1 && hasPod(cluster, namespace, pod)) {
    // The last attempt's pod is not gone yet: a busy machine is late with everything.
    runtime.after(timing.terminationMs, () => {
      runHook(cluster, rc, name, hook, next, fail, attempt);
    });
    return;
  }
  createHelperPod(cluster, rc, pod, { [DEPLOYER_LABEL]: rc.metadata.name, [HOOK_LABEL]: `hook-${name}` });
  runtime.after(timing.hookMs * 0.1, () => {
    setPhase(cluster, rc, pod, 'Running');
  });
  runtime.after(timing.hookMs, () => {
    if (!hasPod(cluster, namespace, pod)) return;
    const fault = cluster.faults.work('hook', namespace, `${config}/${name}`)?.message;
    if (!fault) {
      setPhase(cluster, rc, pod, 'Succeeded');
      return next();
    }
    setPhase(cluster, rc, pod, 'Failed', fault);
    if (hook.failurePolicy === 'Ignore') return next();
    if (hook.failurePolicy === 'Abort' || attempt >= RETRIES) {
      return fail(`${name}-hook failed: ${fault}`);
    }
    deletePod(cluster, namespace, pod);
    runtime.after(timing.terminationMs * 2, () => {
      runHook(cluster, rc, name, hook, next, fail, attempt + 1);
    });
  });
}
