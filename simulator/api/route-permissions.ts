import { field } from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import type { Target } from './types.ts';

type Doc = Record<string, unknown>;

const CERTIFICATES = ['caCertificate', 'certificate', 'destinationCACertificate', 'key'];
const HOST = 'you do not have permission to set the host field of the route';
const CERTIFICATE = 'you do not have permission to set certificate fields on the route';

/**
 * Hosts and certificates need a right of their own, `routes/custom-host`; without it the answer is 422, not 403: the
 * rules of `hostassignment` in library-go. Called before a host is generated.
 */
export function routePermissions(target: Target, object: KubeObject, previous?: KubeObject): FieldError[] {
  if (target.resource !== RESOURCES.routes) return [];
  const spec = isRecord(object.spec) ? object.spec : {};
  const before = isRecord(previous?.spec) ? previous.spec : {};
  return previous ? changed(target, spec, before) : created(target, spec);
}

function created(target: Target, spec: Doc): FieldError[] {
  const hasHost = Boolean(spec.host);
  if ((!hasHost && !hasCertificate(spec.tls)) || may(target, 'create')) return [];
  return [hasHost ? field.forbidden('spec.host', HOST) : field.forbidden('spec.tls', CERTIFICATE)];
}

function changed(target: Target, spec: Doc, before: Doc): FieldError[] {
  const hostChanged = spec.host !== before.host;
  const certificateChanged = hasCertificate(spec.tls) && differing(spec.tls, before.tls).length > 0;
  if ((!hostChanged && !certificateChanged) || may(target, 'update')) return [];
  if (hostChanged) return [field.invalid('spec.host', spec.host, HOST)];
  if (may(target, 'create')) return [];
  if (!spec.tls || !before.tls) return [field.invalid('spec.tls', JSON.stringify(spec.tls), CERTIFICATE)];
  return differing(spec.tls, before.tls).map((key) =>
    field.invalid(`spec.tls.${key}`, isRecord(spec.tls) ? (spec.tls[key] ?? '') : '', CERTIFICATE),
  );
}

function may({ cluster, identity, namespace }: Target, verb: string): boolean {
  const { group } = RESOURCES.routes;
  const access = { verb, group, resource: 'routes', subresource: 'custom-host', namespace };
  return cluster.identities.authorize(identity, access).allowed;
}

const hasCertificate = (tls: unknown): boolean =>
  isRecord(tls) && CERTIFICATES.some((key) => Boolean(tls[key]));

function differing(tls: unknown, before: unknown): string[] {
  const [now, then] = [tls, before].map((config) => (isRecord(config) ? config : {}));
  return CERTIFICATES.filter((key) => (now?.[key] ?? '') !== (then?.[key] ?? ''));
}
