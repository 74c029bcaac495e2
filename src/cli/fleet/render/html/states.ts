import { FLEET_TENANT_STATES, traitsOf } from '../../../../domain/fleet/tenant/states.ts';
import type { StateCounts } from '../../../../domain/fleet/tenant/states.ts';
import { shareBar } from '../../../render/html/bars.ts';
import type { Part } from '../../../render/html/markup.ts';
import { table } from '../../../render/html/table.ts';
import { stateShown } from '../../../tenant/render/html/words.ts';

/** How many tenants are in which state, and what part of all that is. */
export function statesTable(counts: StateCounts, total: number): Part {
  const states = FLEET_TENANT_STATES.filter((state) => counts[state] > 0);
  return table(
    [
      { name: 'State', as: 'head' },
      { name: 'Tenants', as: 'number', named: true },
      { name: 'Of all', as: 'number', named: true },
      { name: 'Part of all', as: 'bar' },
    ],
    states.map((state) => {
      const { share } = traitsOf(state);
      const part = counts[state] / total;
      const percent = `${(part * 100).toFixed(1)} %`;
      return [stateShown(state, share), counts[state], percent, shareBar(part, { label: percent, share })];
    }),
  );
}
