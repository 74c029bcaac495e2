export interface Told {
  readonly at: number;
  readonly what: string;
}

/** What happened, with the moment since the beginning. */
export class Story {
  readonly startedAt = Date.now();
  readonly lines: Told[] = [];

  tell(what: string, at = Date.now()): void {
    this.lines.push({ at, what });
  }

  render(): string {
    return [...this.lines]
      .sort((a, b) => a.at - b.at)
      .map(({ at, what }) => `${((at - this.startedAt) / 1_000).toFixed(3).padStart(8)} s  ${what}`)
      .join('\n');
  }
}
