import type { Receiver } from '../../notify/receivers.ts';
import { someOf } from '../../text/some-of.ts';
import type { Freeze } from '../../windows/policy.ts';
import { labelsOf, labelTexts } from './labels.ts';
import { describeBudget, describeFreeze, describeWindows } from './describe.ts';
import type { FleetCluster, FleetShown, TenantProfile, Wave } from './spec.ts';
import { at, nameOfTenant, tenantKey } from './spec.ts';

/** One thing that is otherwise in the new file. */
export interface Change {
  /** `maxConcurrent`, `wave canary: soak`. */
  readonly what: string;
  readonly from: string;
  readonly to: string;
}

export interface TenantPlace {
  readonly name: string;
  readonly wave: string;
}

/** What `fleet apply` would change in a running fleet. */
export interface SpecDiff {
  readonly added: readonly TenantPlace[];
  readonly removed: readonly TenantPlace[];
  readonly moved: readonly { readonly name: string; readonly from: string; readonly to: string }[];
  /** Tenants with the same changes of their settings stand together. */
  readonly changed: readonly { readonly changes: readonly Change[]; readonly tenants: readonly string[] }[];
  readonly settings: readonly Change[];
  /** Tenants come in another order, in waves that have the same tenants. */
  readonly reordered: boolean;
}

/** Compares what runs with a new file; plans that were kept for started tenants count as the file that gave them. */
export function specDiff(spec: FleetShown, next: FleetShown): SpecDiff {
  const before = placed(spec);
  const after = placed(next);
  const both = [...after].flatMap(([key, to]) => {
    const from = before.get(key);
    return from ? [{ from, to }] : [];
  });
  return {
    added: [...after].flatMap(([key, { name, wave }]) => (before.has(key) ? [] : [{ name, wave }])),
    removed: [...before].flatMap(([key, { name, wave }]) => (after.has(key) ? [] : [{ name, wave }])),
    moved: both.flatMap(({ from, to }) =>
      from.wave === to.wave ? [] : [{ name: to.name, from: from.wave, to: to.wave }],
    ),
    changed: together(both.map(({ from, to }) => ({ name: to.name, changes: tenantChanges(from, to) }))),
    settings: [
      ...fleetChanges(spec, next),
      ...waveChanges(spec, next),
      ...clusterChanges(spec, next),
      ...receiverChanges(spec, next),
    ],
    reordered: isReordered(
      both.map(({ from }) => from),
      both.map(({ to }) => to),
    ),
  };
}

export function isSame({ added, removed, moved, changed, settings, reordered }: SpecDiff): boolean {
  return !reordered && [added, removed, moved, changed, settings].every(({ length }) => length === 0);
}

interface Placed {
  readonly name: string;
  readonly wave: string;
  readonly place: number;
  readonly way: FleetCluster;
  readonly labels: string;
  readonly settings: ReadonlyMap<string, string>;
  readonly freezes: readonly Freeze[];
}

function placed(spec: FleetShown): Map<string, Placed> {
  const waves = spec.waves.flatMap(({ name, tenants }) => Array.from({ length: tenants }, () => name));
  // Once for each profile: ten thousand tenants may share a calendar of many freezes.
  const ofProfiles = spec.profiles.map((profile) => settingsOf(spec, profile));
  return new Map(
    spec.tenants.map((tenant, place) => [
      tenantKey(spec, tenant),
      {
        name: nameOfTenant(spec, tenant),
        wave: waves[place] ?? '',
        place,
        way: at(spec.clusters, tenant.cluster),
        labels: labelTexts(labelsOf(spec, tenant)).join(', ') || 'none',
        ...at(ofProfiles, tenant.next ?? tenant.profile),
      },
    ]),
  );
}

function settingsOf(
  spec: FleetShown,
  { path, windows, onFailure, onClose, logs }: TenantProfile,
): Pick<Placed, 'settings' | 'freezes'> {
  const { from, to, hash } = at(spec.paths, path);
  const policy = at(spec.windows, windows);
  const settings = new Map([
    ['plan', `${from} → ${to} (${hash})`],
    ['windows', describeWindows(policy)],
    // A description names three freezes: two lists may read the same and differ.
    ['freezes', JSON.stringify(policy.freezes)],
    ['onFailure', onFailure],
    ['onClose', onClose],
    ['logs', logs === false ? 'left out' : 'shown'],
  ]);
  return { settings, freezes: policy.freezes };
}

function tenantChanges(from: Placed, to: Placed): Change[] {
  const differing = changesOf('', from.settings, to.settings);
  const named = ({ name, labels, way: { context, site } }: Placed): Map<string, string> =>
    new Map([
      ['name', name],
      ['context', context],
      ['site', site ?? 'none'],
      ['labels', labels],
    ]);
  const isTold = differing.some(({ what }) => what === 'windows');
  return [
    ...changesOf('', named(from), named(to)),
    ...differing.flatMap((change) => {
      if (change.what !== 'freezes') return [change];
      return isTold ? [] : [freezesChange(from.freezes, to.freezes)];
    }),
  ];
}

/** Names those that only one of the two has. */
function freezesChange(from: readonly Freeze[], to: readonly Freeze[]): Change {
  const [gone, come] = [onlyIn(from, to), onlyIn(to, from)];
  return gone.length + come.length === 0
    ? { what: 'freezes', from: 'as they were', to: 'as in the file' }
    : { what: 'freezes', from: someOf(gone) || 'none of these', to: someOf(come) || 'none of these' };
}

function onlyIn(own: readonly Freeze[], other: readonly Freeze[]): string[] {
  const others = new Set(other.map(describeFreeze));
  return own.map(describeFreeze).filter((freeze) => !others.has(freeze));
}

function together(
  tenants: readonly { readonly name: string; readonly changes: readonly Change[] }[],
): SpecDiff['changed'] {
  const groups = new Map<string, { changes: readonly Change[]; tenants: string[] }>();
  for (const { name, changes } of tenants) {
    if (changes.length === 0) continue;
    const key = JSON.stringify(changes);
    const group = groups.get(key);
    if (group) group.tenants.push(name);
    else groups.set(key, { changes, tenants: [name] });
  }
  return [...groups.values()];
}

function isReordered(before: readonly Placed[], after: readonly Placed[]): boolean {
  const order = (tenants: readonly Placed[], place: (index: number) => number): number[] =>
    tenants.map((_, index) => index).sort((a, b) => place(a) - place(b));
  const stays = before.map((tenant, index) => tenant.wave === after[index]?.wave);
  const was = order(before, (index) => before[index]?.place ?? 0).filter((index) => stays[index]);
  const is = order(after, (index) => after[index]?.place ?? 0).filter((index) => stays[index]);
  return was.some((index, place) => is[place] !== index);
}

function fleetChanges(spec: FleetShown, next: FleetShown): Change[] {
  const facts = (of: FleetShown): Map<string, string> =>
    new Map([
      ['maxConcurrent', String(of.maxConcurrent)],
      ['maxConcurrentPerCluster', String(of.maxConcurrentPerCluster)],
      ['failureBudget', describeBudget(of.failureBudget)],
      [
        'estimate',
        `${of.estimate.stageMinutes} + ${of.estimate.switchMinutes} + ${of.estimate.rollbackMinutes} min`,
      ],
      ['retries.reverted', String(of.autoRetries)],
      ['retries.afterMinutes', String(of.retryAfterMinutes)],
      ['attempts', JSON.stringify(of.retries)],
      ['waves', of.waves.map(({ name }) => name).join(', ')],
    ]);
  return changesOf('', facts(spec), facts(next));
}

function waveChanges(spec: FleetShown, next: FleetShown): Change[] {
  const facts = ({ maxConcurrent, soakMinutes, approval, failureBudget }: Wave): Map<string, string> =>
    new Map([
      ['maxConcurrent', maxConcurrent === undefined ? "the fleet's" : String(maxConcurrent)],
      ['soak', `${soakMinutes} min`],
      ['approval', approval],
      ['failureBudget', describeBudget(failureBudget)],
    ]);
  return next.waves.flatMap((wave) => {
    const before = spec.waves.find(({ name }) => name === wave.name);
    return before ? changesOf(`wave ${wave.name}: `, facts(before), facts(wave)) : [];
  });
}

function clusterChanges(spec: FleetShown, next: FleetShown): Change[] {
  const facts = ({ maxConcurrent }: FleetCluster): Map<string, string> =>
    new Map([['maxConcurrent', maxConcurrent === undefined ? "the fleet's" : String(maxConcurrent)]]);
  const isSameWay = (a: FleetCluster, b: FleetCluster): boolean =>
    a.cluster === b.cluster && a.context === b.context && a.site === b.site;
  return next.clusters.flatMap((cluster) => {
    // One cluster may be reached in two ways, each with a limit of its own.
    const before =
      spec.clusters.find((known) => isSameWay(known, cluster)) ??
      spec.clusters.find(
        (known) =>
          known.cluster === cluster.cluster && !next.clusters.some((other) => isSameWay(other, known)),
      );
    return before ? changesOf(`cluster ${cluster.cluster}: `, facts(before), facts(cluster)) : [];
  });
}

function receiverChanges({ notify: before = [] }: FleetShown, { notify: after = [] }: FleetShown): Change[] {
  const shown = (receivers: readonly Receiver[]): Map<string, string> =>
    new Map(receivers.map((receiver) => [receiver.name, JSON.stringify(receiver)]));
  const [was, is] = [shown(before), shown(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((name) => {
    const [from = 'not told', to = 'not told'] = [was.get(name), is.get(name)];
    return from === to ? [] : [{ what: `notify ${name}`, from, to }];
  });
}

function changesOf(
  of: string,
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): Change[] {
  return [...after].flatMap(([what, to]) => {
    const from = before.get(what) ?? '';
    return from === to ? [] : [{ what: `${of}${what}`, from, to }];
  });
}
