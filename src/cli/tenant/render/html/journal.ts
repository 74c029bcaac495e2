import type { JournalEntry } from '../../../../domain/tenant/progress.ts';
import type { Part } from '../../../render/html/markup.ts';
import { clockOf } from '../../../render/html/moment.ts';
import type { Column } from '../../../render/html/table.ts';
import { table } from '../../../render/html/table.ts';

/** An entry of a tenant's journal, or of a fleet's. */
type Happened = Pick<JournalEntry, 'at' | 'actor' | 'detail'> & { readonly event: string };

const COLUMNS: readonly Column[] = [
  { name: 'When', as: 'time' },
  { name: 'What', as: 'head' },
  { name: 'By' },
  { name: 'Why' },
  { name: 'Detail' },
];

/** What happened when, by whom and why, and from where it was said. `day`: a moment whose day needs not be said again. */
export function journalTable(journal: readonly Happened[], day = ''): Part {
  return table(
    COLUMNS,
    journal.map(({ at, event, actor, detail }) => [clockOf(at, day), event, byOf(actor), actor?.why, detail]),
    'journal',
  );
}

function byOf(actor: Happened['actor']): string {
  if (!actor) return '';
  return actor.via === undefined ? actor.by : `${actor.by} (${actor.via})`;
}
