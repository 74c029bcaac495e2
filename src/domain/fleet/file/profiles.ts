import type { TenantProfile } from '../spec/spec.ts';
import { choicesOf } from '../../paths/choices.ts';
import type { PathOptions } from '../../paths/upgrade-path.ts';
import { findPath, nameOfPath, optionNotTaken, pathNames, resolvePath } from '../../paths/index.ts';
import type { ResolvedPath } from '../../tenant/step.ts';
import type { WindowPolicy } from '../../windows/policy.ts';
import { freezesOf } from './check-windows.ts';
import type { WindowCheck } from './check-windows.ts';
import type { FreezeEntry, Settings } from './fleet-file.ts';
import type { Place, Remarks } from './remarks.ts';

/** Settings and where they stand. */
export interface Level {
  readonly settings: Settings;
  readonly place: Place;
}

/** What tenants have in common, each thing once. */
export class Profiles {
  readonly paths: ResolvedPath[] = [];
  readonly windows: WindowPolicy[] = [];
  /** As the file says them: what of a calendar lies ahead changes with the day on which it is read. */
  readonly windowsAsWritten: unknown[] = [];
  readonly profiles: TenantProfile[] = [];
  readonly #indexes = new Map<string, number>();
  readonly #hash: (text: string) => string;
  readonly #check: WindowCheck;
  readonly #remarks: Remarks;

  constructor(hash: (text: string) => string, check: WindowCheck, remarks: Remarks) {
    this.#hash = hash;
    this.#check = check;
    this.#remarks = remarks;
  }

  /** Index of the profile that these levels (fleet, cluster, tenant) make, the last one the most specific. */
  of(levels: readonly Level[]): number {
    const path = this.#pathOf(levels);
    const windows = this.#windowsOf(levels);
    const onFailure = lastOf(levels, 'onFailure')?.value ?? 'revert';
    const onClose = lastOf(levels, 'onClose')?.value ?? 'finish-step';
    const logs = lastOf(levels, 'logs')?.value === false ? { logs: false as const } : {};
    return this.#index('profile', this.profiles, { path, windows, onFailure, onClose, ...logs });
  }

  #pathOf(levels: readonly Level[]): number {
    const named = lastOf(levels, 'path');
    const known = findPath(named?.value);
    if (!known) {
      const place = [...(named?.place ?? []), 'path'];
      this.#remarks.problem(
        place,
        `there is no upgrade path ${named?.value}; use ${pathNames().join(' or ')}`,
      );
      return 0;
    }
    const images = levels.flatMap(({ settings }) =>
      Object.entries(settings.images ?? {}).flatMap(([name, image]) =>
        image === undefined ? [] : [[name, image] as const],
      ),
    );
    const secret = lastOf(levels, 'impersonation')?.value.secret;
    const assumed = lastOf(levels, 'assumeVersion');
    const options: PathOptions = {
      images: Object.fromEntries(images),
      ...(secret === undefined ? {} : { impersonation: { fromSecret: secret } }),
      releaseEverywhere: lastOf(levels, 'releaseEverywhere')?.value ?? false,
      ...choicesOf({
        components: lastOf(levels, 'components')?.value,
        takeAlong: lastOf(levels, 'takeAlong')?.value,
        replaceLatest: lastOf(levels, 'replaceLatest')?.value,
      }),
      ...(assumed ? { assumedVersion: known.from } : {}),
    };
    if (assumed !== undefined && assumed.value !== known.from) {
      this.#remarks.problem(
        [...assumed.place, 'assumeVersion'],
        `the path ${known.from}-${known.to} starts from ${known.from}, and not from ${assumed.value}`,
      );
    }
    const untaken = optionNotTaken(known, options);
    if (untaken !== undefined)
      this.#remarks.problem(
        [...(named?.place ?? lastPlace(levels)), 'path'],
        `the path ${nameOfPath(known)} takes no ${untaken}: it would have no effect`,
      );
    const key = JSON.stringify([named?.value, options]);
    const index = this.#indexes.get(key);
    if (index !== undefined) return index;
    const resolved = this.#index('path', this.paths, resolvePath(known, options, this.#hash));
    this.#indexes.set(key, resolved);
    return resolved;
  }

  #windowsOf(levels: readonly Level[]): number {
    const own = lastOf(levels, 'windows');
    const entries = levels.flatMap(({ settings }) => settings.freezes ?? []);
    const unique = new Map(entries.map((entry) => [JSON.stringify(asWritten(entry)), entry]));
    const windows = own?.value ?? [];
    const written = { windows, freezes: [...unique.values()].map(asWritten) };
    const index = this.#index('windows', this.windowsAsWritten, written);
    const policy = (this.windows[index] ??= { windows, freezes: [...unique.values()].flatMap(freezesOf) });
    // The place of whoever says most about it: its own freezes may shut the windows of a level above.
    const last = levels.findLast(({ settings }) => settings.windows ?? settings.freezes);
    if (last) this.#check.policy(policy, [...last.place, last.settings.windows ? 'windows' : 'freezes']);
    return index;
  }

  #index<T>(kind: string, list: T[], item: T): number {
    const key = `${kind} ${JSON.stringify(item)}`;
    const known = this.#indexes.get(key);
    if (known !== undefined) return known;
    this.#indexes.set(key, list.push(item) - 1);
    return list.length - 1;
  }
}

function asWritten(entry: FreezeEntry): unknown {
  if (!('calendar' in entry)) return freezesOf(entry)[0];
  const { zone, read } = entry;
  return { calendar: read.hash, ...(zone === undefined ? {} : { zone }) };
}

const lastPlace = (levels: readonly Level[]): Place => levels.at(-1)?.place ?? [];

function lastOf<K extends keyof Settings>(
  levels: readonly Level[],
  key: K,
): { readonly value: NonNullable<Settings[K]>; readonly place: Place } | undefined {
  for (const { settings, place } of [...levels].reverse()) {
    const value = settings[key];
    if (value !== undefined && value !== null) return { value, place };
  }
  return undefined;
}
