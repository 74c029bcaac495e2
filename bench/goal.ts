/** A figure, and what it is to be at most. */
export interface Goal {
  readonly what: string;
  readonly figure: number;
  readonly show: (value: number) => string;
  /** Absent: what it would be compared with could not be measured. */
  readonly goal?: number;
  /** What it is compared with, measured in the same run. */
  readonly baseline?: number;
  /** In words, why it could not be measured. */
  readonly missing?: string;
}

export const cpuSeconds = (ms: number): string => `${(ms / 1_000).toFixed(2)} s`;

/** Of a table: what, is, goal, compared with, is : goal, met. */
export function rowOf({ what, figure, show, goal, baseline, missing }: Goal): string[] {
  if (goal === undefined) return [what, show(figure), '', missing ?? '', '', ''];
  const compared = baseline === undefined ? '' : show(baseline);
  return [
    what,
    show(figure),
    show(goal),
    compared,
    (figure / goal).toFixed(2),
    figure <= goal ? 'yes' : 'no',
  ];
}
