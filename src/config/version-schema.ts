import { z } from 'zod';

/** Of a path's: a number in YAML is none, as 2.10 would be 2.1. */
export const versionText = z
  .string({ error: 'must be a version in quotes, as in "2.3"' })
  .regex(/^\d{1,4}\.\d{1,4}$/, { error: 'is no version; write it as in "2.3"' });
