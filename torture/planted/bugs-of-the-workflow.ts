import type { PlantedBug } from './bug.ts';
import { bug } from './bug.ts';

/** Faults in order, decisions, classes of failures, and what is said. */
export const BUGS_OF_THE_WORKFLOW: readonly PlantedBug[] = [
  bug(
    'invented-decision',
    'what fails in a revert is abandoned without anybody’s decision',
    'workflows/tenant/hold.ts',
    [
      `  progress.released(state);\n`,
      `  if (request.during === 'revert') return 'abandon';\n  progress.released(state);\n`,
    ],
  ),
  bug(
    'swallowed-difference',
    'what differs from the backup after a revert is told to nobody',
    'workflows/tenant/compensations.ts',
    [
      `    if (differences.length > 0 && !leftSomething) throw differs(differences, backup);`,
      `    void [differs, leftSomething];\n    differences = [];`,
    ],
  ),
  {
    name: 'registered-after',
    what: 'a compensation is registered after the act: what failed half way is not taken back',
    mutations: [
      {
        file: 'workflows/tenant/forward.ts',
        find: `  if (!compensations.includes(step)) compensations.push(step);\n`,
        replace: '',
      },
      {
        file: 'workflows/tenant/forward.ts',
        find: `    progress.ended(step, outcome);`,
        replace: `    progress.ended(step, outcome);\n    if (!compensations.includes(step)) compensations.push(step);`,
      },
      // Since a revert asks the cluster about every step of the path, that alone would do no harm.
      {
        file: 'workflows/tenant/compensations.ts',
        find: `    return kindOf(step).undoes !== 'never' && !(spares && step.phase === 'finish');`,
        replace: `    void spares;\n    return false;`,
      },
    ],
  },
  bug('one-not-taken-back', 'a step is not taken back by a revert', 'workflows/tenant/compensations.ts', [
    `  for (const step of [...steps].reverse()) {\n    if ((await takeBack(upgrade, step)) === 'abandoned') return 'abandoned';`,
    `  for (const step of [...steps].reverse()) {\n    if (step.id === 'set-sidekiq-threads') continue;\n    if ((await takeBack(upgrade, step)) === 'abandoned') return 'abandoned';`,
  ]),
  bug(
    'no-return-too-late',
    'the point of no return is taken to be one step later',
    'src/domain/paths/2.3-to-2.4/steps.ts',
    [
      `    pointOfNoReturn: true,\n    skippable: false,\n  },\n  rollOut('system-sidekiq', ['system-app']),`,
      `    skippable: false,\n  },\n  { ...rollOut('system-sidekiq', ['system-app']), pointOfNoReturn: true },`,
    ],
  ),
  bug(
    'sidekiq-before-app',
    'system-sidekiq does not wait for system-app',
    'src/domain/paths/2.3-to-2.4/steps.ts',
    [`rollOut('system-sidekiq', ['system-app'])`, `rollOut('system-sidekiq', [])`],
  ),
  bug(
    'resque-too-soon',
    'system-resque is deleted while everything is only staged',
    'workflows/tenant/forward.ts',
    [
      `      ready: () => readySteps(input.path, (id) => progress.status(id)),`,
      `      ready: () => readySteps({ ...input.path, steps: [...input.path.steps].sort((a, b) => Number(b.id === 'delete-resque') - Number(a.id === 'delete-resque')).sort((a, b) => Number(b.id === 'pause-rollouts') - Number(a.id === 'pause-rollouts')) }, (id) => progress.status(id)),`,
    ],
  ),
  bug(
    'unreachable-is-final',
    'a cluster that does not answer is a failure at once',
    'activities/boundary.ts',
    [
      `    case 'until-answered':\n      return unreachableAttempts;`,
      `    case 'until-answered':\n      return Math.min(1, unreachableAttempts);`,
    ],
  ),
  bug('wrong-class', 'a right that is missing is called a refused value', 'src/openshift/api-error.ts', [
    `    case 403:\n      return 'Forbidden';`,
    `    case 403:\n      return 'Invalid';`,
  ]),
  {
    name: 'slot-not-given-back',
    what: 'a fleet does not hear that a tenant has been reverted: neither its own word counts, nor that of Temporal',
    mutations: [
      {
        file: 'workflows/tenant/tenant-upgrade.ts',
        find: `  await upgrade.permit?.report(endReport(progress, state, upgrade.input.path));`,
        replace: `  if (state !== 'reverted') await upgrade.permit?.report(endReport(progress, state, upgrade.input.path));`,
      },
      {
        file: 'workflows/fleet/children.ts',
        find: `          fleet.open.delete(key);\n          here((now) => {\n            const report`,
        replace: `          fleet.open.delete(key);\n          if (finalOf(progress) === 'reverted') return;\n          here((now) => {\n            const report`,
      },
    ],
  },
  bug(
    'left-paused-unsaid',
    'what an abandoned upgrade leaves paused is told to nobody',
    'workflows/tenant/hold.ts',
    [`  if (!step) return [];`, `  if (!step || step.deploymentConfigs.length > 0) return [];`],
  ),
  bug(
    'aborted-is-called-upgraded',
    'an upgrade that was aborted is called upgraded',
    'workflows/tenant/compensations.ts',
    [
      `  return control.abort ? 'aborted' : 'reverted';\n}\n\n/** DeploymentConfigs that this upgrade has rolled out`,
      `  return control.abort ? 'upgraded' as 'aborted' : 'reverted';\n}\n\n/** DeploymentConfigs that this upgrade has rolled out`,
    ],
  ),
  bug(
    'secret-in-history',
    'what a step says of its work quotes the objects it worked on',
    'src/procedure/steps/pause-rollouts.ts',
    [
      '`${changed} DeploymentConfigs paused`',
      '`${changed} DeploymentConfigs paused: ${JSON.stringify(configs)}`',
    ],
  ),
];
