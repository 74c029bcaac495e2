import type { KubeObject } from '../../simulator/types.ts';
import type { Change, Deed } from '../arena/deeds.ts';
import { at, isBackup, listAt } from './content.ts';

/** Towards 2.4, back from it, or neither. */
export type Direction = 'there' | 'back' | 'aside';

/** One thing that a request did, in the words of the procedure. */
export interface Effect {
  readonly deed: Deed;
  /** `DeploymentConfig/zync` */
  readonly object: string;
  readonly what: string;
  readonly direction: Direction;
}

export function effectsOf(deed: Deed): Effect[] {
  return deed.changes.flatMap((change) => {
    const object = `${change.kind}/${change.name}`;
    return namesOf(change, object).map(([what, direction]) => ({ deed, object, what, direction }));
  });
}

type Named = readonly [what: string, direction: Direction];

function namesOf(change: Change, object: string): Named[] {
  const { before, after, kind } = change;
  if (isBackup(object))
    return [[after ? (before ? 'edit backup' : 'make backup') : 'delete backup', 'aside']];
  if (!before) return [['create', isNew(object) ? 'there' : 'back']];
  if (!after) return [['delete', isNew(object) ? 'back' : 'there']];
  if (kind === 'DeploymentConfig') return configEffects(before, after);
  if (kind === 'ImageStream') return streamEffects(before, after);
  return [['edit', 'aside']];
}

/** What 2.4 has and 2.3 has not. */
const isNew = (object: string): boolean =>
  ['Route/system-master', 'Secret/system-impersonation'].includes(object);

function configEffects(before: KubeObject, after: KubeObject): Named[] {
  const effects: Named[] = [];
  const paused = (object: KubeObject): boolean => at(object.spec, 'paused') === true;
  if (!paused(before) && paused(after)) effects.push(['pause', 'aside']);
  if (paused(before) && !paused(after)) effects.push(['resume', 'aside']);
  const [old, now] = [variablesOf(before), variablesOf(after)];
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    if (old.get(key) === now.get(key)) continue;
    effects.push([`set ${key}`, isOf24(key, now.get(key)) ? 'there' : 'back']);
  }
  const version = (object: KubeObject): unknown => at(object.status, 'latestVersion');
  if (effects.length === 0 && version(before) !== version(after)) effects.push(['instantiate', 'aside']);
  if (effects.length === 0) effects.push(['mark', 'aside']);
  return effects;
}

/** Images and variables of every container, by place and name. */
function variablesOf({ spec }: KubeObject): Map<string, string> {
  return new Map(
    listAt(spec, 'template', 'spec', 'containers').flatMap((container): [string, string][] => {
      const name = String(container['name']);
      const env = listAt(container, 'env').map((entry): [string, string] => [
        `${name} ${String(entry['name'])}`,
        JSON.stringify(entry),
      ]);
      return [[`${name} image`, String(container['image'])], ...env];
    }),
  );
}

function isOf24(key: string, value: string | undefined): boolean {
  if (key.endsWith(' image')) return value === 'registry.access.redhat.com/3scale-amp20/memcached';
  if (key.includes('AMP_RELEASE')) return value?.includes('2.4.0') ?? false;
  if (key.includes('RAILS_MAX_THREADS')) return value?.includes('"25"') ?? false;
  return value !== undefined;
}

function streamEffects(before: KubeObject, after: KubeObject): Named[] {
  const tag = (object: KubeObject, name: string): unknown =>
    at(
      listAt(object.spec, 'tags').find((entry) => entry['name'] === name),
      'from',
      'name',
    );
  const effects: Named[] = [];
  if (tag(before, '2.4.0') !== tag(after, '2.4.0'))
    effects.push(['tag 2.4.0', tag(after, '2.4.0') === undefined ? 'back' : 'there']);
  if (tag(before, 'latest') !== tag(after, 'latest'))
    effects.push(['point latest', tag(after, 'latest') === '2.4.0' ? 'there' : 'back']);
  return effects.length > 0 ? effects : [['import again', 'aside']];
}
