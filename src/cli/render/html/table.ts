import type { Part } from './markup.ts';
import { html } from './markup.ts';

/** A column of a table. */
export interface Column {
  readonly name: string;
  /** `text`: as it comes; `number`, `time`: on one line; `bar`: a drawing; `head`: what the row is about. */
  readonly as?: 'text' | 'number' | 'time' | 'bar' | 'head';
  /** Stands in the head instead of its name, where that is a drawing. */
  readonly shows?: Part;
  /** A narrow screen has its name before each cell: the cell alone would say nothing. */
  readonly named?: true;
}

/** Tables of which the style knows the columns (style-tables.ts): their cells say nothing of themselves. */
type Kind = 'changes' | 'journal';

const CLASSES = { text: '', number: 'n', time: 't', bar: 'bar', head: '' } as const;

/** A table that a narrow screen shows as a list: the cells of each row below what it is about. */
export function table(columns: readonly Column[], rows: readonly (readonly Part[])[], kind?: Kind): Part {
  if (rows.length === 0) return undefined;
  const head = columns.map(
    ({ name, as = 'text', shows }) =>
      html`<th${!kind && [COLUMN, classOf(CLASSES[as])]}>${shows === undefined ? name : [heard(name), shows]}</th>`,
  );
  const cell = kind ? bareCell : classedCell;
  const lines = rows.map(
    (row) =>
      html`<tr>
        ${row.map((part, place) => cell(columns[place], part))}
      </tr> `,
  );
  return html`<div class="wide">
    <table class="rows ${kind}">
      <thead>
        <tr>
          ${head}
        </tr>
      </thead>
      <tbody>
        ${lines}
      </tbody>
    </table>
  </div> `;
}

const COLUMN = html` scope="col"`;

const bareCell = (column: Column | undefined, part: Part): Part =>
  column?.as === 'head' ? html`<th>${part}</th>` : html`<td>${part}</td>`;

function classedCell(column: Column | undefined, part: Part): Part {
  const { name = '', as = 'text', named = false } = column ?? {};
  if (as === 'head') return html`<th scope="row">${part}</th>`;
  return html`<td${classOf(CLASSES[as])}${named && html` data-l="${name}:"`}>${part}</td>`;
}

const classOf = (name: string): Part => name !== '' && html` class="${name}"`;

/** For who hears the page. */
const heard = (text: string): Part => html`<span class="heard">${text}</span>`;

/** Names and what they are, as of a form. */
export function facts(rows: readonly (readonly [string, Part])[]): Part {
  const lines = rows.map(
    ([name, value]) =>
      html`<tr>
        <th scope="row">${name}</th>
        <td>${value}</td>
      </tr> `,
  );
  return html`<table class="facts">
    <tbody>
      ${lines}
    </tbody>
  </table> `;
}
