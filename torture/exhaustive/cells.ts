import type { Phase } from './place.ts';
import type { Row } from './rows.ts';

export const MOMENTS = ['before', 'answer lost', 'not reported', 'between'] as const;
/** Before the request; sent, and its answer lost; answered, and that not reported; between this step and the next. */
export type Moment = (typeof MOMENTS)[number];

export const PROCESS_ACTIONS = ['kill worker', 'kill Temporal', 'kill both', 'stop and go on'] as const;
export const API_ACTIONS = ['cut', 'silence', '409', '429', '500', '401', '403'] as const;
export type ProcessAction = (typeof PROCESS_ACTIONS)[number];
export type ApiAction = (typeof API_ACTIONS)[number];
export type Action = ProcessAction | ApiAction;

export const ACTIONS: readonly Action[] = [...PROCESS_ACTIONS, ...API_ACTIONS];

export interface Cell {
  readonly row: Row;
  readonly moment: Moment;
  readonly action: Action;
}

/** Why there can be no such cell; undefined where there can. */
export function cannotBe({ row, moment, action }: Cell): string | undefined {
  if (moment === 'between' && row.isLast) return 'nothing comes after it';
  if (moment === 'between' && row.goesOnAtOnce)
    return 'it goes on at once: the same as before what comes next';
  if (moment === 'not reported' && row.isLast && !isProcessAction(action)) return 'no request comes after it';
  return undefined;
}

export const isProcessAction = (action: Action): action is ProcessAction =>
  (PROCESS_ACTIONS as readonly Action[]).includes(action);

/** Every cell of these rows. */
export function cellsOf(rows: readonly Row[]): Cell[] {
  return rows.flatMap((row) =>
    MOMENTS.flatMap((moment) => ACTIONS.map((action): Cell => ({ row, moment, action }))),
  );
}

/** How an upgrade of this phase must end, whatever is done to it for a while. */
export const ENDS: Readonly<Record<Phase, string>> = {
  there: 'upgraded',
  past: 'upgraded',
  revert: 'reverted',
  abort: 'aborted',
};
