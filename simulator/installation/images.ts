import type { ImageRegistry } from '../registry.ts';

/** The images of one release, by what they are for. */
export interface Images {
  readonly system: string;
  readonly backend: string;
  readonly apicast: string;
  readonly router: string;
  readonly zync: string;
  readonly redis: string;
  readonly mysql: string;
  readonly memcached: string;
  readonly postgresql: string;
}

const PUBLIC = 'registry.access.redhat.com';

/** Images of release 2.3: most of them were not rebuilt since 2.2. A disconnected cluster has them under its mirror. */
function images23(registry = PUBLIC): Images {
  return {
    system: `${registry}/3scale-amp22/system`,
    backend: `${registry}/3scale-amp22/backend`,
    apicast: `${registry}/3scale-amp23/apicast-gateway`,
    router: `${registry}/3scale-amp22/wildcard-router`,
    zync: `${registry}/3scale-amp22/zync`,
    redis: `${registry}/rhscl/redis-32-rhel7:3.2`,
    mysql: `${registry}/rhscl/mysql-57-rhel7:5.7`,
    memcached: `${registry}/3scale-amp20/memcached:1.4.15`,
    postgresql: `${registry}/rhscl/postgresql-95-rhel7:9.5`,
  };
}

/** Images of release 2.4; what is not named here stays as it is. */
export function images24(
  registry = PUBLIC,
): Pick<Images, 'system' | 'backend' | 'apicast' | 'zync' | 'memcached'> {
  return {
    system: `${registry}/3scale-amp24/system`,
    backend: `${registry}/3scale-amp24/backend`,
    apicast: `${registry}/3scale-amp24/apicast-gateway`,
    zync: `${registry}/3scale-amp24/zync`,
    memcached: `${registry}/3scale-amp20/memcached`,
  };
}

/** Images as an installation of this release has them, `2.6.0`. */
export function imagesOf(release: string, registry = PUBLIC): Images {
  const [major = '', minor = ''] = release.split('.');
  const repository = `${registry}/3scale-amp${major}${minor}`;
  if (release.startsWith('2.3.')) return images23(registry);
  if (release.startsWith('2.4.')) return { ...images23(registry), ...images24(registry) };
  return {
    ...images23(registry),
    system: `${repository}/system`,
    backend: `${repository}/backend`,
    apicast: `${repository}/apicast-gateway`,
    zync: `${repository}/zync`,
  };
}

/** Puts both releases within the cluster's reach. Resque is gone from 2.4's system image: whoever starts it there fails. */
export function provideImages(registry: ImageRegistry, from = PUBLIC, release?: string): void {
  const next = images24(from);
  const others = release === undefined ? [] : Object.values(imagesOf(release, from));
  for (const image of [...Object.values(images23(from)), ...Object.values(next), ...others])
    registry.add(image);
  registry.breakRollout(next.system, 'system-resque');
}
