/** Keys and indexes that lead to a place of the file. */
export type Place = readonly (string | number)[];

/** What is wrong, or worth knowing, at one place of the file. */
export interface Remark {
  readonly place: Place;
  readonly message: string;
  /** The place that it clashes with. */
  readonly other?: Place;
}

/** All that is found while a file is resolved, so that all of it can be said together. */
export class Remarks {
  readonly problems: Remark[] = [];
  readonly warnings: Remark[] = [];

  problem(place: Place, message: string, other?: Place): void {
    this.problems.push({ place, message, ...(other ? { other } : {}) });
  }

  warn(place: Place, message: string, other?: Place): void {
    this.warnings.push({ place, message, ...(other ? { other } : {}) });
  }
}
