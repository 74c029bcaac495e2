import { z } from 'zod';
import { isImageReference } from '../domain/image-reference.ts';
import { isObjectName } from '../domain/names.ts';

const image = z.string().refine(isImageReference, {
  error: 'is no image reference, as in mirror.example.com/3scale-amp24/system',
});

/** Of a Secret in the tenant's project. */
export const secretName = z.string().refine(isObjectName, { error: 'is no name of a Secret' });

/** Images instead of the vendor's, of a tenant or of many. */
export const images = z.strictObject({
  system: image.optional(),
  apicast: image.optional(),
  backend: image.optional(),
  zync: image.optional(),
  memcached: image.optional(),
});
