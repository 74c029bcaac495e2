import { randomUUID } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { ApiError, field, invalid, notFound } from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { askRegistry, storeImports } from '../images/import.ts';
import { importPolicy, objectReference, referencePolicy } from '../images/spec-tags.ts';
import { prepareImageStream } from '../images/strategy.ts';
import { asImageStream, timestamp } from '../objects.ts';
import type { ImageStream } from '../objects.ts';
import { repositoryOf } from '../registry.ts';
import type { ImportResult } from '../registry.ts';
import { exact } from '../registry-words.ts';
import { apiVersionOf, IMAGE_STREAM_IMPORTS, RESOURCES } from '../resources.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import { readObject } from './body.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import { presentItem } from './present.ts';
import type { ApiAnswer, Target } from './types.ts';

interface Wanted {
  readonly from: { readonly kind: string; readonly name: string };
  readonly to?: { readonly name: string };
  readonly importPolicy: Record<string, unknown>;
  readonly referencePolicy: { type: string };
}

/**
 * `POST imagestreamimports`: asks the registry at once, answers with what it says, and writes that into the stream
 * (which is made where it is not there). A resourceVersion or uid in the request must be the stream's.
 */
export function importImages(target: Target): ApiAnswer {
  const { cluster, request, namespace = '', identity } = target;
  if (request.method !== 'POST') throw methodNotAllowed();
  const { object } = readObject(request, IMAGE_STREAM_IMPORTS);
  if (!cluster.store.get(RESOURCES.namespaces, undefined, namespace))
    throw notFound(RESOURCES.namespaces, namespace);
  const images = wantedImages(object);
  const errors = validate(object, images);
  if (errors.length > 0) throw invalid(IMAGE_STREAM_IMPORTS, object.metadata.name, errors);
  const stream = streamOf(target, object);
  const results = images.map(({ from }) => askRegistry(cluster, namespace, from.name));
  const imports = images.flatMap(({ from, to, ...policies }, index) => {
    const result = results[index];
    return to && result ? [{ ...policies, tag: to.name, from: from.name, result }] : [];
  });
  const really = object.spec?.import === true;
  const stored = really
    ? storeImports(
        cluster,
        stream ?? emptyStream(cluster, object, namespace, identity.user),
        imports,
        identity.user,
      )
    : undefined;
  const { name } = object.metadata;
  return {
    status: 201,
    body: {
      kind: 'ImageStreamImport',
      apiVersion: apiVersionOf(IMAGE_STREAM_IMPORTS),
      metadata: { name, namespace, uid: randomUUID(), creationTimestamp: timestamp() },
      spec: { import: really, images },
      status: {
        ...(stored ? { import: presentItem(stored) } : {}),
        images: images.map(({ from }, index) => answerFor(from.name, results[index])),
      },
    },
  };
}

function wantedImages(object: KubeObject): Wanted[] {
  const images: unknown = object.spec?.images;
  return (Array.isArray(images) ? images.filter(isRecord) : []).map((image) => ({
    from: objectReference(isRecord(image.from) ? image.from : {}),
    ...(isRecord(image.to) ? { to: { name: String(image.to.name ?? '') } } : {}),
    importPolicy: importPolicy(image.importPolicy),
    referencePolicy: referencePolicy(image.referencePolicy),
  }));
}

function validate(object: KubeObject, images: readonly Wanted[]): FieldError[] {
  const errors = images.flatMap(({ from, to }, index): FieldError[] => {
    const path = `spec.images[${index}]`;
    if (from.kind !== 'DockerImage')
      return [field.invalid(`${path}.from.kind`, from.kind, 'only DockerImage is supported')];
    const untagged = field.invalid(`${path}.to.name`, '', 'the name of the target tag must be specified');
    return [
      ...(to?.name === '' ? [untagged] : []),
      ...(from.name ? [] : [field.required(`${path}.from.name`)]),
    ];
  });
  const none = field.invalid(
    'spec.images',
    null,
    'you must specify at least one image or a repository import',
  );
  if (images.length === 0) errors.push(none);
  if (!object.metadata.name) errors.push(field.required('metadata.name', 'name or generateName is required'));
  return errors;
}

function streamOf({ cluster, namespace }: Target, { metadata }: KubeObject): ImageStream | undefined {
  const { name, resourceVersion, uid } = metadata;
  const found = cluster.store.get(RESOURCES.imagestreams, namespace, name);
  if (!found) {
    if (resourceVersion || uid) throw notFound(RESOURCES.imagestreams, name);
    return undefined;
  }
  if (resourceVersion && resourceVersion !== found.metadata.resourceVersion) {
    const why = `the image stream was updated from "${resourceVersion}" to "${found.metadata.resourceVersion}"`;
    throw new ApiError(
      409,
      'Conflict',
      `Operation cannot be fulfilled on imagestream.image.openshift.io "${name}": ${why}`,
      { name, group: 'image.openshift.io', kind: 'imagestream' },
    );
  }
  if (uid && uid !== found.metadata.uid)
    throw notFound({ ...RESOURCES.imagestreams, plural: 'imagestream' }, name);
  return asImageStream(found);
}

function emptyStream(
  cluster: Cluster,
  { metadata }: KubeObject,
  namespace: string,
  writer: string,
): ImageStream {
  const object: KubeObject = {
    kind: 'ImageStream',
    apiVersion: apiVersionOf(RESOURCES.imagestreams),
    metadata: { name: metadata.name, namespace, uid: '', resourceVersion: '', creationTimestamp: '' },
  };
  prepareImageStream(cluster, object);
  return asImageStream(cluster.store.create(RESOURCES.imagestreams, object, writer));
}

function answerFor(reference: string, result: ImportResult | undefined): Record<string, unknown> {
  const tag = /:([^/:@]+)$/.exec(exact(reference).replace(/@.*$/, ''))?.[1];
  const named = tag === undefined ? {} : { tag };
  if (result?.status !== 'found') {
    const { code, reason, message, details } = result ?? { code: 500, reason: 'InternalError', message: '' };
    const {
      kind: _kind,
      apiVersion: _version,
      ...status
    } = new ApiError(code, reason, message, details).toStatus();
    return { status, ...named };
  }
  return {
    status: { metadata: {}, status: 'Success' },
    image: {
      metadata: { name: result.digest },
      dockerImageReference: `${repositoryOf(reference)}@${result.digest}`,
      dockerImageMetadataVersion: '1.0',
    },
    ...named,
  };
}
