import type { Finding } from '../../domain/tenant/finding.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import { objectName } from '../../openshift/resources.ts';
import type { Access, TenantReader } from '../../openshift/tenant-api.ts';
import { accessTo } from '../../openshift/tenant-api.ts';
import type { BuildConfig, CronJob, ImageStream, Workload } from '../../openshift/types.ts';
import { pulledByName, resumeJob } from './named-images.ts';
import { waitingFollower } from './own-followers.ts';
import { listIfAllowed } from './list-if-allowed.ts';
import { movedTags } from '../images/stream-tags.ts';

/** What follows an image stream besides DeploymentConfigs: by an annotation, or by being built on it. */

/** Kinds whose images the annotation moves: with the tag, and while they are paused, too. */
const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'cronjobs'] as const;
type WorkloadResource = (typeof WORKLOADS)[number];
const TRIGGERS = 'image.openshift.io/triggers';

/** To see them all. Where one is missing nothing stands against an upgrade: it is said what was not looked at. */
export const FOLLOWER_RIGHTS: readonly Access[] = [...WORKLOADS, 'buildconfigs' as const].map((resource) =>
  accessTo('list', resource),
);

/** What would have its image moved, or be built anew, while the upgrade is staged. */
export async function otherFollowers(
  api: TenantReader,
  steps: readonly Step[],
  streams: readonly ImageStream[],
): Promise<Finding[]> {
  const moved = movedTags(steps, streams);
  const [builds, ...workloads] = await Promise.all([
    listIfAllowed(api, 'buildconfigs'),
    ...WORKLOADS.map((resource) => listWorkloads(api, resource)),
  ]);
  const unseen = [
    ...WORKLOADS.filter((_, place) => workloads[place] === undefined),
    ...(builds === undefined ? ['buildconfigs'] : []),
  ];
  return [
    ...WORKLOADS.flatMap((resource, place) =>
      (workloads[place] ?? []).flatMap((one) => {
        const found = annotated(resource, one, api, moved);
        return found.length > 0 || resource !== 'cronjobs' ? found : pulledByName(one, streams, moved);
      }),
    ),
    ...(builds ?? []).flatMap((one) => builtOn(one, api, moved)),
    ...(unseen.length > 0 ? [notSeen(api, unseen)] : []),
  ];
}

/** Before Kubernetes 1.21, CronJobs were of batch/v1beta1 alone. */
async function listWorkloads(
  api: TenantReader,
  resource: WorkloadResource,
): Promise<readonly (Workload & CronJob)[] | undefined> {
  const listed = await listIfAllowed(api, resource);
  return listed === undefined && resource === 'cronjobs' ? listIfAllowed(api, 'cronjobs.v1beta1') : listed;
}

function annotated(
  resource: WorkloadResource,
  { metadata, spec }: Workload & CronJob,
  { namespace }: TenantReader,
  moved: readonly string[],
): Finding[] {
  const followed = triggersOf(metadata.annotations?.[TRIGGERS]).flatMap(({ from, paused }) =>
    (from ? placeOf(from, namespace) : [])
      .filter((place) => moved.includes(place))
      .map((place) => ({ place, waits: paused === true || paused === 'true' })),
  );
  const [first] = followed;
  if (!first) return [];
  const object = objectName(resource, metadata.name);
  const isPaused = spec?.paused === true;
  const moving = isPaused ? undefined : followed.find(({ waits }) => !waits);
  if (!moving) {
    const resume = isPaused ? `oc rollout resume ${object}` : `oc set triggers ${object} --auto`;
    return [waitingFollower(object, `imagestreamtag ${first.place}`, resume)];
  }
  const follows = `${object} follows imagestreamtag ${moving.place} by its annotation ${TRIGGERS}`;
  if (spec?.suspend === true) {
    const message = `${follows}, and is suspended: its image moves with the upgrade, and its first job after that runs the new version`;
    const hint = `Let it go on when the upgrade has ended: ${resumeJob(object)}`;
    return [{ check: 'own-followers', severity: 'warning', object, message, hint }];
  }
  const moves =
    resource === 'cronjobs'
      ? 'its next job would run the new version while the upgrade is staged'
      : 'its image would move while the upgrade is staged';
  return [
    {
      check: 'own-followers',
      severity: 'fatal',
      object,
      message: `${follows}: ${moves}, before the database is migrated`,
      hint:
        resource === 'deployments'
          ? `Pause it until the upgrade has ended: oc rollout pause ${object}; then: oc rollout resume ${object}`
          : `Let it follow by hand until the upgrade has ended: oc set triggers ${object} --manual; then: oc set triggers ${object} --auto`,
    },
  ];
}

function builtOn(
  { metadata, spec }: BuildConfig,
  { namespace }: TenantReader,
  moved: readonly string[],
): Finding[] {
  const strategy = Object.values(spec.strategy ?? {}).find((one) => typeof one === 'object');
  const followed = (spec.triggers ?? []).flatMap(({ imageChange }) => {
    if (!imageChange || imageChange.paused === true) return [];
    const from = imageChange.from ?? strategy?.from;
    return from ? placeOf(from, namespace) : [];
  });
  const [name] = followed.filter((place) => moved.includes(place));
  if (name === undefined) return [];
  const object = objectName('buildconfigs', metadata.name);
  return [
    {
      check: 'own-followers',
      severity: 'fatal',
      object,
      message: `${object} is built on imagestreamtag ${name}: it would be built anew while the upgrade is staged, and what follows its image would roll`,
      hint: `Let it be built by hand until the upgrade has ended: oc set triggers ${object} --from-image=${name} --manual; then: oc set triggers ${object} --from-image=${name}`,
    },
  ];
}

interface Reference {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** `amp-system:latest`, of the tenant's own namespace; nothing for what is elsewhere, or no tag. */
function placeOf({ kind, name, namespace }: Reference, own: string): string[] {
  if (kind !== 'ImageStreamTag' || typeof name !== 'string') return [];
  return namespace === undefined || namespace === '' || namespace === own ? [name] : [];
}

/** What is no list of triggers moves nothing. */
function triggersOf(text: string | undefined): { readonly from?: Reference; readonly paused?: unknown }[] {
  try {
    const triggers: unknown = JSON.parse(text ?? '[]');
    return Array.isArray(triggers) ? triggers.filter((one) => typeof one === 'object' && one !== null) : [];
  } catch {
    return [];
  }
}

function notSeen({ namespace }: TenantReader, resources: readonly string[]): Finding {
  return {
    check: 'own-followers',
    severity: 'warning',
    message: `${resources.join(', ')} of ${namespace} could not be looked at; one that follows the images of 3scale would move while the upgrade is staged`,
    hint: `Where the identity may not list them, grant it with: threescale-upgrade rbac -n ${namespace} --bind-user NAME | oc apply -f -; or see for yourself that none of them follows.`,
  };
}
