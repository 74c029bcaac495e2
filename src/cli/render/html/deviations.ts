import { findPath, nameOfPath } from '../../../domain/paths/index.ts';
import type { Deviation } from '../../../domain/paths/upgrade-path.ts';
import type { Versions } from '../../../domain/fleet/spec/versions.ts';
import type { Part } from './markup.ts';
import { html } from './markup.ts';
import { table } from './table.ts';

/** What is done otherwise than the guide has it, and why: of those sections that the steps are of. */
export function deviationsTable(versions: Versions, guides: ReadonlySet<string>): Part {
  const path = findPath(nameOfPath(versions));
  const shown = (path?.deviations ?? []).filter(({ guide }) =>
    sectionsOf(guide).some((one) => guides.has(one)),
  );
  if (!path || shown.length === 0) return undefined;
  return [
    html`<p>The guide: ${path.guide}. In the end state only what is marked ● differs.</p>`,
    table(
      [
        { name: 'Guide', as: 'head' },
        { name: 'As documented', named: true },
        { name: 'What comes of it', named: true },
        { name: 'Done instead', named: true },
      ],
      shown.map(rowOf),
    ),
  ];
}

const rowOf = ({ guide, documented, trouble, instead, inEndState }: Deviation): readonly Part[] => [
  guide,
  documented,
  trouble,
  `${inEndState ? '● ' : ''}${instead}`,
];

/** `2–5`: 2, 3, 4 and 5; `all`: whatever is ours. */
function sectionsOf(guide: string): readonly string[] {
  if (guide === 'all') return ['tool'];
  const [first, last] = guide.split('–').map(Number);
  if (first === undefined || last === undefined) return [guide];
  return Array.from({ length: last - first + 1 }, (_, offset) => String(first + offset));
}
