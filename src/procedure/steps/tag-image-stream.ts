import { isDeepStrictEqual } from 'node:util';
import type { Operation } from 'fast-json-patch';
import { differingFields } from '../../domain/tenant/differing-fields.ts';
import type { FieldChange } from '../../domain/tenant/plan.ts';
import type { TagImageStreamStep } from '../../domain/tenant/step-kinds.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { ImageStream, SpecTag } from '../../openshift/types.ts';
import { backedUp } from '../backup/backup.ts';
import { edit, pointer } from '../edit/edit.ts';
import { otherImages, refuseFollowers } from '../images/followers.ts';
import { refuseEdited } from '../edit/guard.ts';
import { importImage, importOf } from '../images/import-image.ts';
import { imagesOfTag, LATEST, specTag } from '../images/stream-tags.ts';
import { editedByOthers, missing } from '../step-error.ts';
import type { Done, StepModule, Work } from './step-module.ts';
import { absent, blocked, edited, NOTHING, problem, problems, UNCHANGED } from './step-module.ts';

const DISPLAY_NAME = 'openshift.io/display-name';

/**
 * Tags are a map by name behind a list that the server sorts, so they are found by name and never by position; a
 * failed import is silent there, so it is waited for and its error reported.
 */
export const tagImageStream: StepModule<'tag-image-stream'> = {
  async inspect({ api }, step) {
    const stream = await api.get('imagestreams', step.imageStream);
    if (!stream) return absent(nameOf(step));
    const ours = specTag(stream, step.tag);
    if (ours && !isOurs(ours, step)) return blocked(`${nameOf(step)} has a tag ${step.tag} of another image`);
    if (isPushed(stream, step)) return blocked(pushed(step));
    const changes = changesOf(stream, step);
    if (changes.length > 0) return { status: 'todo', changes };
    if (importOf(stream, step).status === 'imported') return NOTHING;
    const change = { object: nameOf(step), path: `status.tags[${step.tag}]`, after: 'imported' };
    return { status: 'todo', changes: [change] };
  },

  async apply({ api, backup, mark, mayRoll = false }, step) {
    const kept = await backup();
    const original = backedUp(kept, 'imagestreams', step.imageStream);
    const image = kept?.latest?.[step.imageStream];
    const seen = await api.get('imagestreams', step.imageStream);
    if (seen && setTags(seen, step).length > 0)
      await refuseFollowers({ api, backup, mark, mayRoll, stream: seen }, step);
    const { status, object } = await edit(api, 'imagestreams', seen ?? step.imageStream, (stream) => {
      const [ours, latest] = [specTag(stream, step.tag), specTag(stream, LATEST)];
      if ((ours && !isOurs(ours, step)) || isPushed(stream, step))
        throw editedByOthers(nameOf(step), `its tag ${step.tag}`);
      if (!followsOurs(latest, step) && !(image !== undefined && isOnItsWayBack(stream, step, image))) {
        const before = original && specTag(original, LATEST);
        refuseEdited(written(latest), written(before), { object: nameOf(step), what: `its tag ${LATEST}` });
      }
      return setTags(stream, step);
    });
    if (!object) {
      if (step.optional) return { status: 'absent' };
      throw missing(nameOf(step));
    }
    const asked = await importImage(api, object, step);
    return asked > 0 ? { status: 'done', note: 'imported at another try' } : { status };
  },

  async verify({ api, backup }, step) {
    const stream = await api.get('imagestreams', step.imageStream);
    if (!stream) return problems(step.optional !== true, `${nameOf(step)} is not there`);
    const ours = specTag(stream, step.tag);
    if (ours && !isOurs(ours, step))
      return [edited(`${nameOf(step)} has a tag ${step.tag} of another image`)];
    if (changesOf(stream, step).length > 0)
      return [edited(`${nameOf(step)} is not tagged as the upgrade tags it`)];
    const imported = importOf(stream, step);
    if (imported.status !== 'imported') return [problem(`${nameOf(step)}:${step.tag} is not imported`)];
    const before = (await backup?.())?.deploymentconfigs ?? [];
    const configs = await api.list('deploymentconfigs');
    return configs.flatMap((config) => {
      const original = before.find(({ metadata }) => metadata.name === config.metadata.name);
      return otherImages({ config, original }, step, imported.reference);
    });
  },

  /** `latest` first, so that nothing follows the new tag when that goes. */
  async revert(work, step) {
    const original = backedUp(await work.backup(), 'imagestreams', step.imageStream);
    if (!original) return UNCHANGED;
    const moved = await moveLatestBack(work, step, original);
    const deleted = specTag(original, step.tag) ? UNCHANGED : await deleteTag(work.api, step);
    const note = moved.note === undefined ? {} : { note: moved.note };
    return { status: moved.status === 'done' || deleted.status === 'done' ? 'done' : 'unchanged', ...note };
  },

  touches: ({ imageStream: name }) => [{ resource: 'imagestreams', name }],

  rolls: ({ imageStream }, { spec: { triggers = [] } }) =>
    triggers.some(({ imageChangeParams: change }) => change?.from.name.split(':')[0] === imageStream),

  /** What a revert leaves pinned, and tells, is no difference. */
  asBackedUp(step, stream, backup) {
    const { name } = stream.metadata;
    const tags = backup.imagestreams.find(({ metadata }) => metadata.name === name)?.spec.tags ?? [];
    const before = tags.find((tag) => tag.name === LATEST);
    const image = backup.latest?.[name];
    if (name !== step.imageStream || !before || image === undefined) return stream;
    if (!isKeptPinned(stream, step, { before, image })) return stream;
    const asBefore = (tag: SpecTag): SpecTag =>
      tag.name === LATEST && isImageTag(tag, step, image) ? before : tag;
    return { ...stream, spec: { ...stream.spec, tags: (stream.spec.tags ?? []).map(asBefore) } };
  },

  revertIsUnguarded: true,

  rights: ({ imageStream, tag }) => [
    ...(['get', 'watch'] as const).map((verb) => accessTo(verb, 'imagestreams')),
    named(accessTo('patch', 'imagestreams'), imageStream),
    accessTo('create', 'imagestreamimports'),
    named(accessTo('delete', 'imagestreamtags'), `${imageStream}:${tag}`),
    accessTo('list', 'deploymentconfigs'),
  ],
};

const nameOf = ({ imageStream }: TagImageStreamStep): string => `imagestream/${imageStream}`;

const isOurs = ({ from }: SpecTag, { image }: TagImageStreamStep): boolean =>
  from?.kind === 'DockerImage' && from.name === image;
const followsOurs = (tag: SpecTag | undefined, step: TagImageStreamStep): boolean =>
  tag?.from?.kind === 'ImageStreamTag' && tag.from.name === step.tag;

/** An image under our tag that no tag of the spec explains: somebody has pushed it, and its history is theirs. */
const isPushed = (stream: ImageStream, { tag }: TagImageStreamStep): boolean =>
  !specTag(stream, tag) && newestOf(stream, tag) !== undefined;
const pushed = (step: TagImageStreamStep): string =>
  `${nameOf(step)} has an image under ${step.tag} that somebody has pushed: keep it under another tag, then: oc tag -d ${step.imageStream}:${step.tag}`;
const newestOf = (stream: ImageStream, tag: string): string | undefined => imagesOfTag(stream, tag)[0]?.image;

function changesOf(stream: ImageStream, step: TagImageStreamStep): FieldChange[] {
  const latest = specTag(stream, LATEST);
  return [
    ...(specTag(stream, step.tag)
      ? []
      : [{ object: nameOf(step), path: `spec.tags[${step.tag}]`, after: step.image }]),
    ...(followsOurs(latest, step)
      ? []
      : [
          {
            object: nameOf(step),
            path: 'spec.tags[latest]',
            ...(latest?.from ? { before: latest.from.name } : {}),
            after: step.tag,
          },
        ]),
  ];
}

function setTags(stream: ImageStream, step: TagImageStreamStep): Operation[] {
  const wanted: SpecTag[] = [];
  if (!specTag(stream, step.tag)) wanted.push(newTag(step));
  if (!followsOurs(specTag(stream, LATEST), step)) wanted.push(latestTag(step));
  return putTags(stream, wanted);
}

const SOURCE = { type: 'Source' };

/** What the upgrade makes of the new version's tag. */
const newTag = (step: TagImageStreamStep): SpecTag => ({
  name: step.tag,
  annotations: { [DISPLAY_NAME]: step.displayName },
  from: { kind: 'DockerImage', name: step.image },
  referencePolicy: SOURCE,
});

/** What the upgrade makes of `latest`. */
const latestTag = (step: TagImageStreamStep): SpecTag => ({
  name: LATEST,
  annotations: { [DISPLAY_NAME]: step.latestDisplayName },
  from: { kind: 'ImageStreamTag', name: step.tag },
  referencePolicy: SOURCE,
});

function putTags({ spec }: ImageStream, wanted: readonly SpecTag[]): Operation[] {
  if (wanted.length === 0) return [];
  if (!spec.tags) return [{ op: 'add', path: '/spec/tags', value: wanted }];
  return wanted.map((tag) => {
    const index = spec.tags?.findIndex(({ name }) => name === tag.name) ?? -1;
    if (index < 0) return { op: 'add', path: '/spec/tags/-', value: tag };
    return { op: 'replace', path: pointer('spec', 'tags', index), value: tag };
  });
}

/**
 * Gives `latest` the image that it had, and what it followed. Where following that would not by itself lead to the image
 * (no tag in the spec, a tag that has no image, an import that may fail), it is pointed at the image itself first: its
 * status keeps that when the spec lets go of it. An image that somebody has given it since stays.
 */
async function moveLatestBack(work: Work, step: TagImageStreamStep, original: ImageStream): Promise<Done> {
  const before = specTag(original, LATEST);
  const image = (await work.backup())?.latest?.[step.imageStream];
  const asBefore = (stream: ImageStream): Operation[] =>
    before ? putTags(stream, [withoutGeneration(before)]) : removeLatest(stream);
  const isPinned = (stream: ImageStream): boolean =>
    image !== undefined && isKeptPinned(stream, step, { before, image });
  const { status, object } = await edit(work.api, 'imagestreams', step.imageStream, (stream) => {
    const current = specTag(stream, LATEST);
    if (image !== undefined && isOnItsWayBack(stream, step, image)) return [];
    if (image !== undefined && isPinned(stream) && isImageTag(current, step, image)) return [];
    const isBack = isDeepStrictEqual(written(current), written(before));
    if (!isBack && !isLeftByUs(current, { step, before }))
      throw editedByOthers(nameOf(step), 'its tag latest');
    if (image !== undefined && (isPinned(stream) || !leadsBack(stream, before, step)))
      return putTags(stream, [imageTag(step, image)]);
    return isBack ? [] : asBefore(stream);
  });
  if (status === 'absent') throw missing(nameOf(step));
  if (image === undefined || isImageTag(before, step, image)) return { status };
  if (isPinned(object))
    return {
      status,
      note: `${nameOf(step)}: latest is pinned to the image that it had, which ${before?.from?.name ?? ''}, that it led to, would not give it`,
    };
  const followed = await edit(work.api, 'imagestreams', step.imageStream, (stream) => {
    const current = specTag(stream, LATEST);
    if (!isImageTag(current, step, image)) return [];
    if (!isOnItsWayBack(stream, step, image)) throw editedByOthers(nameOf(step), 'its tag latest');
    return asBefore(stream);
  });
  return { status: status === 'done' || followed.status === 'done' ? 'done' : 'unchanged' };
}

/** As the upgrade wrote it; somebody may have pointed it back meanwhile, and left what the upgrade calls it. */
function isLeftByUs(
  current: SpecTag | undefined,
  { step, before }: { readonly step: TagImageStreamStep; readonly before: SpecTag | undefined },
): boolean {
  const ours = written(latestTag(step));
  return [ours, { ...ours, from: before?.from }].some((left) => isDeepStrictEqual(written(current), left));
}

/** Whether `latest` has not our image, or has another as soon as it follows again what it followed. */
function leadsBack(stream: ImageStream, before: SpecTag | undefined, step: TagImageStreamStep): boolean {
  const { kind, name = '' } = before?.from ?? {};
  if (kind === 'ImageStreamImage') return true;
  if (kind === 'ImageStreamTag' && newestOf(stream, name) !== undefined) return true;
  const ours = newestOf(stream, step.tag);
  return ours === undefined || newestOf(stream, LATEST) !== ours;
}

/**
 * Whether what `latest` led to would not give it back its image: somebody had pushed that, and an operator has chosen that it
 * be replaced. It stays pinned to the image then, or everything would roll another.
 */
function isKeptPinned(
  stream: ImageStream,
  step: TagImageStreamStep,
  { before, image }: { readonly before: SpecTag | undefined; readonly image: string },
): boolean {
  const { kind, name = '', namespace } = before?.from ?? {};
  if (!step.replacesLatest) return false;
  if (kind === 'ImageStreamTag')
    return namespace === undefined && newestOf(stream, name.split(':').at(-1) ?? '') !== image;
  if (kind !== 'DockerImage') return false;
  const had = imagesOfTag(stream, LATEST).find((item) => item.image === image);
  return had !== undefined && repositoryOf(had.dockerImageReference) !== repositoryOf(name);
}

/** Without its tag or digest. */
const repositoryOf = (reference: string): string => reference.replace(/@.*$/, '').replace(/:[^/:]*$/, '');

/** Points `latest` at an image itself: where what it followed does not lead to it by itself. */
const imageTag = ({ imageStream }: TagImageStreamStep, image: string): SpecTag => ({
  name: LATEST,
  from: { kind: 'ImageStreamImage', name: `${imageStream}@${image}` },
  referencePolicy: SOURCE,
});
const isImageTag = (tag: SpecTag | undefined, step: TagImageStreamStep, image: string): boolean =>
  isDeepStrictEqual(tag?.from, imageTag(step, image).from);
/**
 * `latest` is as a revert writes it on the way, and as one that has stopped between its two writes leaves it; nobody has written
 * anything on it since. The new tag is still there then, as it goes last: where it is not, somebody has pinned `latest`.
 */
const isOnItsWayBack = (stream: ImageStream, step: TagImageStreamStep, image: string): boolean =>
  specTag(stream, step.tag) !== undefined &&
  isDeepStrictEqual(written(specTag(stream, LATEST)), written(imageTag(step, image)));

function removeLatest(stream: ImageStream): Operation[] {
  const index = stream.spec.tags?.findIndex(({ name }) => name === LATEST) ?? -1;
  return index < 0 ? [] : [{ op: 'remove', path: pointer('spec', 'tags', index) }];
}

/** The server counts generations by itself. */
function withoutGeneration({ generation: _generation, ...tag }: SpecTag): SpecTag {
  return tag;
}

/** What its owner has written of a tag: without what the server counts, and what it fills in where nothing is. */
function written(tag: SpecTag | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!tag) return undefined;
  const { annotations, importPolicy = {}, referencePolicy = SOURCE, ...rest } = withoutGeneration(tag);
  const { importMode = LEGACY, ...imports } = importPolicy;
  return {
    ...rest,
    annotations: annotations ?? {},
    importPolicy: { importMode, ...imports },
    referencePolicy,
  };
}

const LEGACY = 'Legacy';

/**
 * From spec and status: where the status still had it, a later upgrade would run it without an import. What is pushed stays,
 * and what somebody has written on the tag since.
 *
 * The API deletes it by its name, whatever the stream's resourceVersion: without an answer it may be deleted late, which is
 * waited out. (A patch that tests the resourceVersion takes it off the spec only, and nobody could tell what its status then
 * keeps from an image that somebody has pushed.)
 */
async function deleteTag(api: TenantApi, step: TagImageStreamStep): Promise<Done> {
  const stream = await api.get('imagestreams', step.imageStream);
  const current = stream && specTag(stream, step.tag);
  if (!current) return UNCHANGED;
  if (!isOurs(current, step)) throw editedByOthers(nameOf(step), `its tag ${step.tag}`);
  const [field] = differingFields(written(newTag(step)), written(current));
  if (field !== undefined) throw editedByOthers(nameOf(step), `${field} of its tag ${step.tag}`);
  const deleted = await api.delete('imagestreamtags', `${step.imageStream}:${step.tag}`);
  return { status: deleted ? 'done' : 'unchanged' };
}
