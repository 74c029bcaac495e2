import { z } from 'zod';
import { IMAGE_NAMES } from '../domain/paths/index.ts';
import { isImageReference } from '../domain/tenant/image-reference.ts';

const image = z.string().refine(isImageReference, {
  error: 'is no image reference, as in mirror.example.com/3scale-amp24/system',
});

/** Images instead of the vendor's, of a tenant or of many. */
export const images = z.strictObject(Object.fromEntries(IMAGE_NAMES.map((name) => [name, image.optional()])));
