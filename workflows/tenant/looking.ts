import type { Sinks } from '@temporalio/workflow';
import { condition, defineSignal, proxySinks, setHandler } from '@temporalio/workflow';
import { answerOf } from '../answers.ts';
import { fleetUpgrade as fleet } from '../fleet/fleet-upgrade.ts';
import { tenantUpgrade as tenant } from './tenant-upgrade.ts';

/** A query, as a look asks it. */
export interface Question {
  readonly query: string;
  readonly args: readonly unknown[];
}

export interface LookSinks extends Sinks {
  readonly look: {
    /** The answers, in the order of the questions, as JSON. */
    answered(answers: string): void;
  };
}

/**
 * Stands at the end of a history that is replayed to be looked at, with what is asked. Temporal never sees it: the history
 * is a copy, and whatever is replayed goes nowhere.
 */
export const lookSignal = defineSignal<[readonly Question[]]>('__look');

/** As a look replays it, in a process that has no worker. */
export const tenantUpgrade: typeof tenant = (input) => {
  heed();
  return tenant(input);
};

/** As a look replays it, in a process that has no worker. */
export const fleetUpgrade: typeof fleet = (input) => {
  heed();
  return fleet(input);
};

function heed(): void {
  const { look } = proxySinks<LookSinks>();
  setHandler(lookSignal, async (questions) => {
    // Where no worker has ever taken it up, the workflow begins right after this.
    await condition(() => questions.every(({ query }) => answerOf(query) !== undefined));
    look.answered(JSON.stringify(questions.map(({ query, args }) => answerOf(query)?.(...args))));
  });
}
