import type { Cluster } from '../../simulator/cluster.ts';
import type { Rollout } from './tenant.ts';

const CONFIG = 'openshift.io/deployment-config.name';
const PHASE = 'openshift.io/deployment.phase';

interface WithImages {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

/** Notes every replication controller that comes: one for each rollout, with the images that it runs, and whether it fails. */
export function watchRollouts({ store }: Cluster): Rollout[] {
  const rollouts: { -readonly [K in keyof Rollout]: Rollout[K] }[] = [];
  const byKey = new Map<string, (typeof rollouts)[number]>();
  store.subscribe(({ type, object }) => {
    const { name, namespace = '', annotations } = object.metadata;
    const config = annotations?.[CONFIG];
    if (object.kind !== 'ReplicationController' || config === undefined) return;
    const key = `${namespace}/${name}`;
    const at = Date.now();
    if (type === 'ADDED') {
      const { template } = (object.spec ?? {}) as WithImages;
      const images = (template?.spec?.containers ?? []).map(({ image = '' }) => image);
      const rollout = { at, namespace, config, images, failedAt: undefined };
      rollouts.push(rollout);
      byKey.set(key, rollout);
    }
    const rollout = byKey.get(key);
    if (rollout && annotations?.[PHASE] === 'Failed') rollout.failedAt ??= at;
  });
  return rollouts;
}
