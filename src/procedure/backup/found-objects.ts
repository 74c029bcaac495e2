import { createHash } from 'node:crypto';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { FoundObject } from '../../domain/tenant/written-plan.ts';
import type { TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ImageStream, ObjectMeta, Route } from '../../openshift/types.ts';
import { ownersSpec } from './owners-spec.ts';
import { namesTouched, readTouchable } from './touched.ts';

/**
 * All that the steps may change, create or delete, as it is found: whatever the owner or a registry has moved since is told
 * by another look. What moves by itself (replicas, pauses, images that triggers write) is left out, and so are the values of
 * variables, keys and Secrets, of which nothing is derived.
 */
export async function foundObjects(
  api: TenantReader,
  steps: readonly Step[],
): Promise<Record<string, FoundObject>> {
  const touched = namesTouched(steps);
  const { configs, streams, routes, secrets, configmaps } = await readTouchable(api, touched);
  const found = [
    ...objectsOf('dc', touched.deploymentconfigs, configs, configFields),
    ...objectsOf('imagestream', touched.imagestreams, streams, streamFields),
    ...objectsOf('route', touched.routes, routes, routeFields),
    ...objectsOf('secret', touched.secrets, secrets, () => ({})),
    ...objectsOf(
      'configmap',
      touched.configmaps,
      configmaps,
      // Names alone: what a key holds may be a password.
      ({ data = {} }) => ({
        keys: Object.keys(data)
          .sort()
          .map((name) => ({ name })),
      }),
    ),
  ];
  return Object.fromEntries(found.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function objectsOf<T extends { readonly metadata: ObjectMeta }>(
  short: string,
  names: ReadonlySet<string>,
  objects: readonly T[],
  fieldsOf: (object: T) => unknown,
): [string, FoundObject][] {
  return objects
    .filter(({ metadata }) => names.has(metadata.name))
    .map((object) => {
      const { name, uid = '' } = object.metadata;
      return [`${short}/${name}`, { uid, fields: marksOf(fieldsOf(object), uid) }];
    });
}

function configFields(config: DeploymentConfig): unknown {
  const { replicas: _replicas, ...spec } = ownersSpec(config) as Record<string, unknown>;
  return { spec };
}

function streamFields({ spec, status }: ImageStream): unknown {
  return {
    spec: {
      tags: (spec.tags ?? []).map(({ name, from, importPolicy, referencePolicy }) => ({
        ...{ name, from, importPolicy, referencePolicy },
      })),
    },
    status: {
      tags: (status?.tags ?? []).map(({ tag, items }) => ({ name: tag, image: items?.[0]?.image })),
    },
  };
}

function routeFields({ spec: { tls, ...spec } }: Route): unknown {
  const { key: _key, ...shown } = tls ?? {};
  return { spec: { ...spec, ...(tls ? { tls: shown } : {}) } };
}

/** The same shape with a short hash in place of each value; names stay, as items of a list are known by them. */
function marksOf(value: unknown, salt: string, place = ''): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => marksOf(item, salt, place));
  if (typeof value !== 'object' || value === null) return markOf(value, salt);
  const fields = Object.entries(value).filter(
    ([key, held]) => held !== undefined && !(place === 'env' && key === 'value'),
  );
  return Object.fromEntries(
    fields.map(([key, held]) => [
      key,
      key === 'name' && typeof held === 'string' ? held : marksOf(held, salt, key),
    ]),
  );
}

/** By the object's own id: the same value has another mark elsewhere. */
function markOf(value: unknown, salt: string): string {
  return createHash('sha256')
    .update(JSON.stringify([salt, value]))
    .digest('hex')
    .slice(0, 12);
}
