import { z } from 'zod';
import { isImageReference } from '../domain/tenant/image-reference.ts';

const image = z.string().refine(isImageReference, {
  error: 'is no image reference, as in mirror.example.com/3scale-amp24/system',
});

/** Images instead of the vendor's, of a tenant or of many. */
export const images = z.strictObject({
  system: image.optional(),
  apicast: image.optional(),
  backend: image.optional(),
  zync: image.optional(),
  memcached: image.optional(),
});
