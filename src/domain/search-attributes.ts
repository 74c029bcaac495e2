/**
 * Search attributes by which Temporal's own UI and `temporal workflow list` find any tenant:
 * `ThreescaleFleet = 'prod' AND ThreescaleState = 'held'`. All are keywords; none holds a value of a cluster.
 */
export const SEARCH_ATTRIBUTES = [
  'ThreescaleFleet',
  'ThreescaleTenant',
  'ThreescaleCluster',
  'ThreescaleWave',
  'ThreescaleState',
  'ThreescalePath',
] as const;

export type SearchAttribute = (typeof SEARCH_ATTRIBUTES)[number];
export type SearchAttributeValues = Readonly<Partial<Record<SearchAttribute, string>>>;
