/** Where workers of this tool listen. */
export const TASK_QUEUE = 'threescale-upgrade';
