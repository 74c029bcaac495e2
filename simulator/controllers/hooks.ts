import type { Cluster } from '../cluster.ts';
import { ANNOTATION, DEPLOYER_LABEL, HOOK_LABEL } from '../objects.ts';
import type { Hook, ReplicationController } from '../objects.ts';
import { createHelperPod, deletePod, endPod, hasPod, setPhase } from './helper-pods.ts';
import { warn } from './warnings.ts';

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
    const met = cluster.faults.work('hook', namespace, `${config}/${name}`);
    const fault = met?.message;
    if (!fault) {
      setPhase(cluster, rc, pod, 'Succeeded');
      return next();
    }
    const { exitCode = 1, log = [fault], terminationMessage: message } = met?.pod ?? {};
    endPod(cluster, rc, pod, { exitCode, log, ...(message === undefined ? {} : { message }) });
    if (hook.failurePolicy === 'Ignore') return next();
    if (hook.failurePolicy === 'Abort' || attempt >= RETRIES) {
      warn(cluster, rc, {
        reason: 'Failed',
        message: `The ${name}-hook failed: the ${name} hook failed: ${fault}, aborting rollout of ${namespace}/${rc.metadata.name}`,
        component: 'deployer-controller',
      });
      return fail(`${name}-hook failed: ${fault}`);
    }
    deletePod(cluster, namespace, pod);
    runtime.after(timing.terminationMs * 2, () => {
      runHook(cluster, rc, name, hook, next, fail, attempt + 1);
    });
  });
}
