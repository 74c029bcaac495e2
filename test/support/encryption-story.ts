import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import { workflowIdOf } from '../../src/domain/tenant/workflow-id.ts';
import { pauseSignal, resumeSignal } from '../../workflows/tenant/messages.ts';
import { ScaleFleet } from './fleet-scale.ts';
import type { Lab } from './lab.ts';
import { settled, until } from './lab.ts';
import { rawHistory } from './raw-history.ts';
import { runCli } from './run-cli.ts';

/** What the story puts into payloads, summaries, details, memos and failures: who, why, what, where in the code. */
export const TOLD = [
  ...['change 4711', 'olga-k', 'no time left', 'otto-m', 'lunch break', 'winter campaign'],
  ...['dc/zync: rollout', 'registry.access.redhat.com', 'Pause the rollouts', '/activities/', 'AMP_RELEASE'],
  'system-memcache',
];

const UPGRADED = 'zebra';
const REVERTED = 'giraffe';
const FLEET = 'herd';
/** Projects, which are names in Temporal too. */
export const PROJECTS = [UPGRADED, REVERTED, 'tenant-00001', 'tenant-00002'];

/** One tenant upgraded by the command, one paused, held and reverted, and a fleet of two, of which one fails. */
export async function tellStory(lab: Lab): Promise<void> {
  for (const namespace of [UPGRADED, REVERTED]) await lab.simulator.install('sim1', namespace);
  const { faults } = lab.cluster;
  faults.onWork('rollout', { namespace: REVERTED, name: 'zync', message: 'crash loop', times: 2 });
  const flags = ['--kubeconfig', lab.kubeconfig, '--context', 'sim1', '--namespace', UPGRADED, '--yes'];
  const started = await runCli(['start', ...flags, '--why', 'change 4711', '--by', 'olga-k'], {
    TEMPORAL_ADDRESS: lab.target.address,
  });
  if (started.exitCode !== 0) throw new Error(started.stderr);

  const handle = await lab.start(REVERTED, { onFailure: 'hold' });
  await handle.signal(pauseSignal, { by: 'otto-m', why: 'lunch break' });
  await handle.signal(resumeSignal, { by: 'otto-m', why: 'lunch break' });
  const held = await settled(handle);
  if (held.state !== 'held') throw new Error(`it is ${held.state}`);
  await handle.executeUpdate('revert', { args: [{ by: 'otto-m', why: 'no time left' }] });
  await until(handle, ({ state }) => state === 'reverted');

  const fleet = new ScaleFleet(lab, FLEET, [
    { context: 'sim1', namespace: 'tenant-00001', fate: 'reverted' },
    { context: 'sim1', namespace: 'tenant-00002', fate: 'upgraded' },
  ]);
  await fleet.install();
  const file = fleet.write({ waves: [{ name: 'kind-of-wave', select: { rest: true } }] });
  const begun = await fleet.cli(
    'start',
    '-f',
    file,
    '--kubeconfig',
    lab.kubeconfig,
    '--yes',
    '--why',
    'winter campaign',
  );
  if (begun.exitCode !== 0 && begun.exitCode !== 5) throw new Error(begun.stderr);
}

/** Ids of the story's workflows: each tenant's as in PROJECTS, then the fleet's. */
export function storyIds(lab: Lab): string[] {
  const ids = PROJECTS.map((namespace) => workflowIdOf(lab.clusters.tenant('sim1', namespace)));
  return [...ids, fleetWorkflowId(FLEET)];
}

/** All that Temporal says of the story's workflows, as it keeps it. */
export function storyHistories(lab: Lab): Promise<unknown> {
  return Promise.all(storyIds(lab).map((id) => rawHistory(lab.client, id)));
}

/** Every byte of the database, and of what stands beside it, as text. */
export function databaseText(lab: Lab): string {
  const home = join(lab.folder, 'home');
  // Beside it are the reports that are kept for people, in a folder of their own.
  return readdirSync(home, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => readFileSync(join(home, name), 'latin1'))
    .join('\n');
}
