/** Where workers of this tool listen. */
export const TASK_QUEUE = 'threescale-upgrade';

/** Where the workers of a site listen for what its clusters are asked. */
export function siteTaskQueue(site: string): string {
  return `${TASK_QUEUE}-site-${site}`;
}
