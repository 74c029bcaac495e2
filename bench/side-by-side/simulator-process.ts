/** Simulated clusters in a process of their own, so that what they cost is not counted; its parent asks it by messages. */
import type { Cluster } from '../../simulator/cluster.ts';
import type { Simulator } from '../../simulator/index.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { Answers, Asked, Simulated, TenantFigures } from './simulated.ts';
import { RolloutsSeen } from './rollouts-seen.ts';
import { standOf } from './upgraded.ts';

const settings = JSON.parse(process.argv[2] ?? '{}') as Simulated;
const simulator = await startSimulator({ clusters: 1, timing: settings.timing });
const rolloutsSeen = new RolloutsSeen(simulator.cluster('sim1'));
await simulator.writeKubeconfig(settings.kubeconfig);

process.on('message', ({ id, asked }: { readonly id: number; readonly asked: Asked }) => {
  void answer(simulator, asked).then((answered) => process.send?.({ id, answered }));
});
process.on('disconnect', () => {
  void simulator.close().then(() => process.exit());
});
process.send?.({ id: 0, answered: {} });

async function answer({ install, cluster: find }: Simulator, asked: Asked): Promise<Answers[keyof Answers]> {
  const cluster = find('sim1');
  switch (asked.what) {
    case 'install':
      for (const tenant of asked.tenants) await install('sim1', tenant);
      cluster.audit.clear();
      cluster.availability.reset();
      rolloutsSeen.forget();
      return {};
    case 'begun':
      return { rollouts: sum(asked.tenants.map((tenant) => rolloutsOf(cluster, tenant))) };
    case 'settle':
      await cluster.settle(600_000);
      return {};
    case 'stands':
      return { stands: asked.tenants.map((tenant) => standOf(cluster, tenant)) };
    case 'figures':
      return { figures: asked.tenants.map((tenant) => figuresOf(cluster, tenant)) };
  }
}

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

function rolloutsOf({ audit }: Cluster, tenant: string): number {
  return sum(Object.values(audit.rollouts(tenant)));
}

function figuresOf({ audit, availability }: Cluster, tenant: string): TenantFigures {
  const { reads, writes } = audit.requests(tenant);
  return {
    requests: reads + writes,
    writes,
    rollouts: audit.rollouts(tenant),
    downMs: availability.downMs(tenant, 'system-app'),
    ...rolloutsSeen.of(tenant),
  };
}
