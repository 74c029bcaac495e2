import Table from 'cli-table3';
import type { Cluster } from '../../../simulator/cluster.ts';
import type { TenantProgress } from '../../domain/tenant/progress.ts';
import type { Io } from '../io.ts';
import { renderDuration } from '../render/duration.ts';
import type { Snapshot } from './snapshot.ts';
import { compareSnapshots, takeSnapshot } from './snapshot.ts';

/** One statement, what it must be, and what was seen. */
export interface Statement {
  readonly what: string;
  readonly wanted: string;
  readonly seen: string;
}

export interface Proof {
  readonly tenants: readonly (readonly string[])[];
  readonly statements: readonly Statement[];
}

export const says = (what: string, wanted: string, seen: string): Statement => ({ what, wanted, seen });

/** Read from the simulator's audit log and objects, not from what the upgrade says of itself. */
export function prove(
  cluster: Cluster,
  [upgraded, reverted]: readonly [TenantProgress, TenantProgress],
  more: { readonly before: Snapshot; readonly events: readonly number[]; readonly wallMs: number },
): Proof {
  const up = upgraded.tenant.namespace;
  const back = reverted.tenant.namespace;
  const rollouts = cluster.audit.rollouts(up);
  const twice = [up, back].flatMap((namespace) => cluster.audit.writtenTwice({ namespace }));
  const differences = compareSnapshots(more.before, takeSnapshot(cluster, back));
  return {
    tenants: [upgraded, reverted].map((progress, index) => row(cluster, progress, more.events[index] ?? 0)),
    statements: [
      says(`${up} is`, 'upgraded', upgraded.state),
      says(`${back}, whose image cannot be imported, is`, 'reverted', reverted.state),
      says('writes made twice, over the killed worker', '0', String(twice.length)),
      says(
        `rollouts of each of ${up}’s ${Object.keys(rollouts).length} DeploymentConfigs`,
        '1',
        [...new Set(Object.values(rollouts))].join(' and ') || '0',
      ),
      says(
        `seconds without a ready ${up} system-app`,
        '0',
        String(cluster.availability.downMs(up, 'system-app') / 1_000),
      ),
      says(`rollouts of ${back}`, '0', String(Object.keys(cluster.audit.rollouts(back)).length)),
      says(`objects of ${back} that differ from its start`, 'none', differences.join(', ') || 'none'),
    ],
  };
}

function row(cluster: Cluster, progress: TenantProgress, events: number): string[] {
  const { namespace } = progress.tenant;
  const { reads, writes } = cluster.audit.requests(namespace);
  const took = Date.parse(progress.endedAt ?? progress.startedAt) - Date.parse(progress.startedAt);
  const rollouts = Object.values(cluster.audit.rollouts(namespace)).reduce((sum, count) => sum + count, 0);
  return [
    namespace,
    progress.state,
    renderDuration(took),
    String(rollouts),
    `${reads} + ${writes}`,
    String(events),
  ];
}

const style = { head: [], border: [] };

/** True where everything is as it must be. */
export function printProof(io: Io, { tenants, statements }: Proof): boolean {
  const table = new Table({
    head: ['tenant', 'state', 'took', 'rollouts', 'requests (reads + writes)', 'history events'],
    style,
  });
  table.push(...tenants.map((cells) => [...cells]));
  io.out(`\n${table.toString()}`);
  return printStatements(io, statements);
}

/** True where everything is as it must be. */
export function printStatements({ out, colors }: Io, statements: readonly Statement[]): boolean {
  const proof = new Table({ head: ['the proof', 'must be', 'was', ''], style });
  const holds = ({ wanted, seen }: Statement): boolean => wanted === seen;
  proof.push(
    ...statements.map((statement) => [
      statement.what,
      statement.wanted,
      statement.seen,
      holds(statement) ? colors.green('✓') : colors.red('✗'),
    ]),
  );
  out(proof.toString());
  return statements.every(holds);
}
