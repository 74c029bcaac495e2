import type { PlantedBug } from './bug.ts';
import { bug } from './bug.ts';

/** Faults in what a kind of step does to a cluster. */
export const BUGS_OF_STEPS: readonly PlantedBug[] = [
  bug(
    'pause-without-mark',
    'a DeploymentConfig is paused without the mark that says whose pause it is',
    'src/procedure/steps/pause-rollouts.ts',
    [`    ...annotate(config.metadata.annotations, PAUSED_BY, mark),\n`, ''],
  ),
  bug(
    'resume-keeps-mark',
    'a DeploymentConfig is resumed, and its mark is left',
    'src/procedure/steps/pause-rollouts.ts',
    [
      `return [{ op: 'remove', path: '/spec/paused' }, REMOVE_PAUSE_MARK];`,
      `return [{ op: 'remove', path: '/spec/paused' }];`,
    ],
  ),
  bug(
    'overwrites-edits',
    'a value that somebody has changed since the backup is overwritten',
    'src/procedure/edit/guard.ts',
    [
      `  if (!isDeepStrictEqual(current, before)) throw editedByOthers(object, what);`,
      `  void [isDeepStrictEqual, current, before, object, what];`,
    ],
  ),
  bug(
    'env-not-verified',
    'a variable that is not as it was set passes the verification',
    'src/procedure/steps/set-env.ts',
    [
      `.filter((setting) => !isDeepStrictEqual(find(place.env, setting.name), variableOf(setting)))`,
      `.filter((setting) => find(place.env, setting.name) === undefined)`,
    ],
  ),
  bug(
    'env-on-first-container',
    'a variable is set on the first container only',
    'src/procedure/steps/set-env.ts',
    [
      `const operations = placesOf(config, step).flatMap((place) =>`,
      `const operations = placesOf(config, step).slice(0, 1).flatMap((place) =>`,
    ],
  ),
  bug(
    'latest-not-moved-back',
    'a revert leaves the tag latest where it is',
    'src/procedure/steps/tag-image-stream.ts',
    [`    return isBack ? [] : asBefore(stream);`, `    return [];`],
  ),
  bug('route-left', 'a revert leaves the new route', 'src/procedure/steps/create-route.ts', [
    `      await work.api.delete('routes', step.route, asSeen(current));\n`,
    '',
  ]),
  bug('rolls-twice', 'what has rolled by itself is started once more', 'src/procedure/steps/roll-out.ts', [
    `    const resumed = config && (await resume(work, config, { crosses }));`,
    `    const resumed = config && (await resume(work, config, { crosses }));\n    if (resumed) await work.api.instantiate(name);`,
  ]),
  bug(
    'forgets-to-resume-resque',
    'the rollouts of what 2.4 no longer has are left paused by a revert',
    'src/procedure/steps/pause-rollouts.ts',
    [
      `  const resumed = await resume(work, name);`,
      `  if (name === 'system-resque') return UNCHANGED;\n  const resumed = await resume(work, name);`,
    ],
  ),
  bug(
    'any-route-will-do',
    'a revert takes a route that somebody has changed for its own',
    'src/procedure/steps/create-route.ts',
    [
      `      const fields = notAsMadeBy(current, step, await sourcesOf(work.api, backup, step), writtenOn);\n      if (fields.length > 0)`,
      `      const fields = notAsMadeBy(current, step, await sourcesOf(work.api, backup, step), writtenOn);\n      if (fields.length > 0 && !current)`,
    ],
  ),
];
