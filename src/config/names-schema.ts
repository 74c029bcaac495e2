import { z } from 'zod';
import { LABEL_NAME, LONGEST_OBJECT_NAME, OBJECT_NAME } from '../domain/text/object-name.ts';

/** Of a project. It becomes part of a path: what none can be called is refused before anything is asked. */
export const projectName = z
  .string()
  .regex(LABEL_NAME, { error: 'is no name of a project, as in 3scale-shop' });

/** Of a Secret, likewise. */
export const secretName = z
  .string()
  .max(LONGEST_OBJECT_NAME, { error: `is longer than ${LONGEST_OBJECT_NAME} characters` })
  .regex(OBJECT_NAME, { error: 'is no name of a Secret, as in impersonation-values' });

/** Of a fleet, a wave or a site. */
export const shortName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, {
  error: 'is no name: lower-case letters, digits and -, at most 63 characters',
});
