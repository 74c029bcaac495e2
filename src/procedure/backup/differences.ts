import type { DifferingField } from '../../domain/tenant/differing-fields.ts';
import { differing } from '../../domain/tenant/differing-fields.ts';
import { plainText } from '../../domain/text/plain-text.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { Access, TenantReader } from '../../openshift/tenant-api.ts';
import { accessTo } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ImageStream } from '../../openshift/types.ts';
import type { Backup } from './backup.ts';
import { listIfAllowed } from '../preflight/list-if-allowed.ts';
import { carriesOurPause, PAUSED_BY } from '../claim/marks.ts';
import type { View } from '../steps/step-module.ts';
import { isModuleStep } from '../steps/step-module.ts';
import { moduleOf } from '../steps/index.ts';
import { namesTouched, readTouchable } from './touched.ts';

interface Named {
  readonly metadata: { readonly name: string };
}

/** What is not as the backup has it. */
export interface Difference {
  /** An object and field: `dc/system-app spec.paused`. */
  readonly field: string;
  /** The same for people, with both values where they are none of a variable or a Secret. */
  readonly shown: string;
}

/** After a full revert: what is not as the backup has it. What an autoscaler moves is no difference. */
export async function differencesToBackup(
  { api, mark }: View,
  path: ResolvedPath,
  backup: Backup,
): Promise<Difference[]> {
  const touched = namesTouched(path.steps);
  const { configs, streams, routes, secrets, configmaps } = await readTouchable(api, touched);
  const backedUp = backup.secrets.map((name) => ({ metadata: { name } }));
  const found = [
    ...compare('dc', touched.deploymentconfigs, [backup.deploymentconfigs, configs], (config) =>
      configFields(config, mark),
    ),
    ...compare(
      'imagestream',
      touched.imagestreams,
      [backup.imagestreams, streams.map((stream) => asBackedUp(stream, path.steps, backup))],
      tagsOf,
    ),
    ...compare('route', touched.routes, [backup.routes, routes], ({ spec }) => ({ spec })),
    ...compare('secret', touched.secrets, [backedUp, secrets], () => ({})),
    ...compare('configmap', touched.configmaps, [backup.configmaps ?? [], configmaps], ({ data }) => ({
      data,
    })),
  ];
  const isScaled = found.some(({ field }) => REPLICAS.test(field)) ? await scaledByThemselves(api) : [];
  return found.filter(({ field }) => !isScaled.includes(REPLICAS.exec(field)?.[1] ?? ''));
}

/** To tell what an autoscaler has moved from what somebody has; without it every change of replicas is told. */
export const AUTOSCALER_RIGHT: Access = accessTo('list', 'horizontalpodautoscalers');

const REPLICAS = /^dc\/(\S+) spec\.replicas$/;

/** DeploymentConfigs whose replicas an autoscaler keeps; none where they may not be listed. */
async function scaledByThemselves(api: TenantReader): Promise<string[]> {
  const scalers = (await listIfAllowed(api, 'horizontalpodautoscalers')) ?? [];
  return scalers.flatMap(({ spec: { scaleTargetRef: target } }) =>
    target.kind === 'DeploymentConfig' ? target.name : [],
  );
}

/** Whether a step of the path may have made it: of a DeploymentConfig they write a few fields only. */
export function mayBeOurs(difference: string, steps: readonly Step[]): boolean {
  if (!difference.startsWith('dc/') || !difference.includes(' spec')) return true;
  const name = /\benv\[([^\]]+)\]/.exec(difference)?.[1];
  if (name === undefined) return OURS.test(difference);
  // Where a variable is there twice, all of them are told by their places: nobody can tell whose this is.
  if (/^\d+$/.test(name)) return true;
  return steps.filter(isModuleStep).some((step) => moduleOf(step).variables?.(step).includes(name) === true);
}

const OURS = / spec\.paused$|\.image$|\.env( |$)|^\S+ spec\.(triggers|strategy)/;

function compare<B extends Named, T extends Named & B>(
  short: string,
  names: ReadonlySet<string>,
  [before, after]: readonly [readonly B[], readonly T[]],
  fieldsOf: (object: B) => unknown,
): Difference[] {
  const find = <O extends Named>(list: readonly O[], name: string): O | undefined =>
    list.find(({ metadata }) => metadata.name === name);
  return [...names].flatMap((name) => {
    const [was, is] = [find(before, name), find(after, name)];
    const object = `${short}/${name}`;
    if (!was && !is) return [];
    if (!was) return told(`${object} is there, and was not`);
    if (!is) return told(`${object} is gone`);
    return differing(plain(fieldsOf(was)), plain(fieldsOf(is))).flatMap((field) =>
      told(`${object} ${field.path}`, valuesOf(field)),
    );
  });
}

const told = (field: string, values = ''): [Difference] => [{ field, shown: `${field}${values}` }];

/** Fields that hold nothing of a Secret, a variable, or what is made of one. */
const SHOWABLE =
  /(^|\.)(replicas|minReadySeconds|revisionHistoryLimit|paused|image|weight|termination|insecureEdgeTerminationPolicy|wildcardPolicy|targetPort|from\.(kind|name)|automatic|lastTriggeredImage)$/;
const LONGEST = 120;

/** `: was 1, is 3`; nothing where one of them may not be shown. */
function valuesOf({ path, was, is }: DifferingField): string {
  if (!SHOWABLE.test(path) || /\benv\b/i.test(path)) return '';
  const [before, now] = [was, is].map((value) =>
    value === undefined
      ? 'not there'
      : ['string', 'number', 'boolean'].includes(typeof value)
        ? plainText(String(value)).slice(0, LONGEST)
        : undefined,
  );
  return before === undefined || now === undefined ? '' : `: was ${before}, is ${now}`;
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function configFields(config: DeploymentConfig, mark: string): unknown {
  const ours = carriesOurPause(config, mark) ? { metadata: { annotations: { [PAUSED_BY]: mark } } } : {};
  return { spec: config.spec, ...ours };
}

const asBackedUp = (stream: ImageStream, steps: readonly Step[], backup: Backup): ImageStream =>
  steps
    .filter(isModuleStep)
    .reduce((seen, step) => moduleOf(step).asBackedUp?.(step, seen, backup) ?? seen, stream);

/** The server counts a tag's generations up, whatever becomes of the tag. */
const tagsOf = ({ spec }: ImageStream): unknown => ({
  spec: { tags: (spec.tags ?? []).map(({ generation: _generation, ...tag }) => tag) },
});
