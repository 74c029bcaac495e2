/** What became of a report when the workflow was about to end. */
export interface ReportKept {
  /** A folder, or `s3://bucket/prefix`, as its worker names it; null where it is kept nowhere. */
  readonly place: string | null;
  /** Why it could not be kept; absent where nothing is to be kept. */
  readonly why?: string;
}

/** As people are told, in a few words. */
export function describeKept({ place, why }: ReportKept): string {
  if (place !== null) return `in ${place}`;
  return why === undefined
    ? 'nowhere but in Temporal, for its retention'
    : `nowhere but in Temporal, for its retention: ${why}`;
}
