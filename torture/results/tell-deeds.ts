import type { Story } from '../arena/story.ts';
import { nameOf } from '../arena/tenant.ts';
import { effectsOf } from '../oracles/effects.ts';
import type { Evidence } from '../oracles/evidence.ts';

/** Adds to a story what the clusters' log says that was done, what people said, and what the tool says of it. */
export function tellDeeds(story: Story, { deeds, lives, tenant, workers }: Evidence): void {
  const name = nameOf(tenant);
  for (const deed of deeds)
    for (const { object, what } of effectsOf(deed))
      story.tell(`${name}: ${deed.writer}: ${object}: ${what}`, deed.at);
  for (const { at, what, by, refused } of tenant.said)
    story.tell(`${name}: ${by} says ${what}${refused === undefined ? '' : ` (refused: ${refused})`}`, at);
  for (const { at, kind, object, field, undoneAt } of tenant.edits) {
    story.tell(`${name}: somebody: ${kind}: ${object} ${field}`, at);
    if (undoneAt !== undefined) story.tell(`${name}: somebody undoes ${kind}`, undoneAt);
  }
  const nameOfWorker = (identity: string | undefined): string =>
    workers.find(({ pid }) => identity?.startsWith(`${pid}@`))?.name ?? 'nobody';
  for (const { activities } of lives)
    for (const { type, stepId, startedAt, identity, attempt, closedAt } of activities) {
      const what = `${name}: Temporal: ${type} ${stepId ?? ''} is with ${nameOfWorker(identity)}, attempt ${attempt}`;
      const until =
        closedAt === undefined ? 'not over' : `over after ${closedAt - (startedAt ?? closedAt)} ms`;
      if (startedAt !== undefined) story.tell(`${what}, ${until}`, startedAt);
    }
  for (const { progress } of lives)
    for (const { at, event, detail } of progress?.journal ?? [])
      story.tell(`${name}: the tool: ${event}${detail === undefined ? '' : ` (${detail})`}`, Date.parse(at));
}
