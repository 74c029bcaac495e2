import type { Cluster } from '../../simulator/cluster.ts';
import type { Rollout } from '../oracles/evidence.ts';

const CONFIG = 'openshift.io/deployment-config.name';

interface WithImages {
  readonly template?: { readonly spec?: { readonly containers?: readonly { readonly image?: string }[] } };
}

/** Notes every replication controller that comes: one for each rollout, with the images that it runs. */
export function watchRollouts({ store }: Cluster): Rollout[] {
  const rollouts: Rollout[] = [];
  store.subscribe(({ type, object }) => {
    const { namespace = '', annotations } = object.metadata;
    const config = annotations?.[CONFIG];
    if (type !== 'ADDED' || object.kind !== 'ReplicationController' || config === undefined) return;
    const { template } = (object.spec ?? {}) as WithImages;
    const images = (template?.spec?.containers ?? []).map(({ image = '' }) => image);
    rollouts.push({ at: Date.now(), namespace, config, images });
  });
  return rollouts;
}
