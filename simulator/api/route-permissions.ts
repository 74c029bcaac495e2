import { field } from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import type { Target } from './types.ts';

const CERTIFICATES = ['certificate', 'key', 'caCertificate', 'destinationCACertificate'];

/** Hosts and certificates need a right of their own; without it the answer is 422, not 403. */
export function routePermissions(target: Target, object: KubeObject, previous?: KubeObject): FieldError[] {
  const { cluster, identity, resource, namespace, request, verb } = target;
  if (resource !== RESOURCES.routes) return [];
  const spec = isRecord(object.spec) ? object.spec : {};
  const before = isRecord(previous?.spec) ? previous.spec : {};
  const generated = object.metadata.annotations?.['openshift.io/host.generated'] === 'true' && !previous;
  const hostChanged = previous ? spec.host !== before.host : Boolean(spec.host) && !generated;
  const tls = isRecord(spec.tls) ? spec.tls : {};
  const tlsBefore = isRecord(before.tls) ? before.tls : {};
  const certificateChanged = CERTIFICATES.some((key) => (tls[key] ?? '') !== (tlsBefore[key] ?? ''));
  if (!hostChanged && !certificateChanged) return [];
  const allowed = (wanted: string): boolean =>
    cluster.identities.authorize(identity, {
      verb: wanted,
      group: resource.group,
      resource: 'routes',
      subresource: 'custom-host',
      namespace,
    }).allowed;
  if (allowed('create') || (verb !== 'create' && request.method !== 'POST' && allowed('update'))) return [];
  const errors: FieldError[] = [];
  if (hostChanged) {
    errors.push(
      previous
        ? field.invalid('spec.host', spec.host, 'field is immutable')
        : field.forbidden('spec.host', 'you do not have permission to set the host field of the route'),
    );
  }
  if (certificateChanged) {
    errors.push(
      field.forbidden('spec.tls', 'you do not have permission to set certificate fields on the route'),
    );
  }
  return errors;
}
