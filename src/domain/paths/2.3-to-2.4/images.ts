/** Where the vendor has the images of 2.4, by what the guide calls them; memcached is the one of 2.0. A disconnected cluster names its mirrors instead. */
export const IMAGES = {
  system: 'registry.access.redhat.com/3scale-amp24/system',
  apicast: 'registry.access.redhat.com/3scale-amp24/apicast-gateway',
  backend: 'registry.access.redhat.com/3scale-amp24/backend',
  zync: 'registry.access.redhat.com/3scale-amp24/zync',
  memcached: 'registry.access.redhat.com/3scale-amp20/memcached',
} as const;

export type ImageName = keyof typeof IMAGES;

/** Which of them a stream is tagged with, or the image of this name is set to. */
export const IMAGE_OF: Readonly<Record<string, ImageName>> = {
  'amp-system': 'system',
  'amp-apicast': 'apicast',
  'amp-backend': 'backend',
  'amp-zync': 'zync',
  'system-memcache': 'memcached',
};
