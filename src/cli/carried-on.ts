import type { TemporalTarget } from '../temporal/connection.ts';

/** What to type where no worker runs. */
export const carriedOnWith = ({ embedded }: Pick<TemporalTarget, 'embedded'>): string =>
  embedded ? 'threescale-upgrade dev' : 'threescale-upgrade worker';
