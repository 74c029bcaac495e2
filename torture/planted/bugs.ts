import { BUGS_OF_STEPS } from './bugs-of-steps.ts';
import { BUGS_OF_THE_FENCE } from './bugs-of-the-fence.ts';
import { BUGS_OF_THE_WORKFLOW } from './bugs-of-the-workflow.ts';
import type { PlantedBug } from './bug.ts';

/** Each fits the sources in exactly one place, or the campaign says which does not. */
export const BUGS: readonly PlantedBug[] = [...BUGS_OF_STEPS, ...BUGS_OF_THE_FENCE, ...BUGS_OF_THE_WORKFLOW];
