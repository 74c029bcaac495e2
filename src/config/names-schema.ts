import { z } from 'zod';
import { LABEL_NAME, LONGEST_OBJECT_NAME, OBJECT_NAME } from '../domain/object-name.ts';

/** Of a project. It becomes part of a path: what none can be called is refused before anything is asked. */
export const projectName = z
  .string()
  .regex(LABEL_NAME, { error: 'is no name of a project, as in 3scale-shop' });

/** Of a Secret, likewise. */
export const secretName = z
  .string()
  .max(LONGEST_OBJECT_NAME, { error: `is longer than ${LONGEST_OBJECT_NAME} characters` })
  .regex(OBJECT_NAME, { error: 'is no name of a Secret, as in impersonation-values' });
