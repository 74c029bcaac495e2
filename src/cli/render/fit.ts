import cliTruncate from 'cli-truncate';

/** A part of a screen: what stands first, then items that can be left out from the end, which is then said. */
export interface Section {
  readonly head: readonly string[];
  readonly items?: readonly (readonly string[])[];
  /** There are so many items, of which `items` are the first; default: all there are. */
  readonly total?: number;
  /** `and 14 more: …`. */
  readonly more?: (hidden: number) => string;
  /** Items that stay as long as anything does. */
  readonly atLeast?: number;
}

/** What a terminal shows at once. */
export interface Fit {
  readonly rows: number;
  readonly columns: number;
  /** Completes the commands of a line, before it is cut. */
  readonly completed?: (line: string) => string;
}

/** All of it; with `fit` as much as the terminal holds: the longest lists are cut first, and long lines at the end. */
export function renderSections(sections: readonly Section[], fit?: Fit): string {
  const shown = sections.map(({ items = [] }) => items.length);
  if (fit) shrink(sections, shown, fit.rows);
  const lines = sections.flatMap((section, place) => linesOf(section, shown[place] ?? 0));
  return fit ? fitLines(lines, fit) : lines.join('\n');
}

/** The first lines that a terminal holds, cut where they would be wrapped. */
export function fitLines(
  lines: readonly string[],
  { rows, columns, completed = (line) => line }: Fit,
): string {
  return lines
    .slice(0, Math.max(1, rows))
    .map((line) => cliTruncate(completed(line), Math.max(1, columns)))
    .join('\n');
}

function shrink(sections: readonly Section[], shown: number[], rows: number): void {
  const used = (): number =>
    sections.reduce((sum, section, place) => sum + linesOf(section, shown[place] ?? 0).length, 0);
  while (used() > rows) {
    const largest = shown.reduce(
      (found, count, place) =>
        count > (sections[place]?.atLeast ?? 0) && (found < 0 || count > (shown[found] ?? 0)) ? place : found,
      -1,
    );
    if (largest < 0) return;
    shown[largest] = (shown[largest] ?? 0) - 1;
  }
}

function linesOf({ head, items = [], total = items.length, more }: Section, shown: number): string[] {
  const hidden = total - shown;
  return [...head, ...items.slice(0, shown).flat(), ...(hidden > 0 && more ? [more(hidden)] : [])];
}
