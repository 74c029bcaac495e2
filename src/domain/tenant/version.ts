/** `2.3`: what upgrade paths lead from and to. */
export type MinorVersion = `${number}.${number}`;

/** Something of an installation that says which version it is. */
export interface Evidence {
  readonly version: MinorVersion;
  /** `tag latest of imagestream/amp-system` */
  readonly where: string;
}

/** Of a release, `2.3.0`: undefined for what is none. */
export function minorOf(release: string): MinorVersion | undefined {
  return /^\d{1,4}(\.\d{1,4}){1,3}$/.test(release) ? leading(release) : undefined;
}

/** Of what a release may be called besides, `2.6.0-CR1`, `v2.6` or `3scale-2.6.0.GA`: undefined for what names none. */
export function minorNamedBy(release: string): MinorVersion | undefined {
  const [, version = ''] = /^(?:3scale-?|v)?(\d{1,4}\.\d{1,4}(?!\d).*)$/i.exec(release) ?? [];
  return leading(version);
}

/** Of a tag that is called as a release, `2.3.0` or `3scale2.6.0-7`. */
export function versionInTag(tag: string): MinorVersion | undefined {
  return /^(3scale-?|v)?\d{1,4}\.\d/.test(tag) ? leading(tag.replace(/^(3scale-?|v)/, '')) : undefined;
}

/**
 * Of an image of the vendor's: the version is part of the repository (`3scale-amp23/apicast-gateway`), or from 2.7 on of
 * the tag (`3scale-amp2/system-rhel7:3scale2.7`). A mirror keeps these names behind its own.
 */
export function versionInImage(reference: string): MinorVersion | undefined {
  const repository = /(?:^|\/)3scale-amp(\d)(\d{1,2})\//.exec(reference);
  if (repository) return `${Number(repository[1])}.${Number(repository[2])}`;
  const tag = /(?:^|\/)3scale[^@]*:(?:3scale-?)(\d{1,4}\.\d[^@]*)/.exec(reference);
  return tag?.[1] === undefined ? undefined : leading(tag[1]);
}

/** Negative where `a` is the older one. */
function compareVersions(a: MinorVersion, b: MinorVersion): number {
  const [[majorA, minorA], [majorB, minorB]] = [numbersOf(a), numbersOf(b)];
  return majorA - majorB || minorA - minorB;
}

function numbersOf(version: MinorVersion): readonly [number, number] {
  const [major = '', minor = ''] = version.split('.');
  return [Number(major), Number(minor)];
}

function leading(text: string): MinorVersion | undefined {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(text) ?? [];
  return major === undefined || minor === undefined ? undefined : `${Number(major)}.${Number(minor)}`;
}

export function newestOf(versions: readonly MinorVersion[]): MinorVersion | undefined {
  return [...versions].sort(compareVersions).at(-1);
}

/** How a version stands to a path. `between`: newer than what it starts from, and not yet what it leads to. */
export type Standing = 'older' | 'from' | 'between' | 'to' | 'newer';

export interface Judged {
  readonly standing: Standing;
  /** The newest that anything names: parts of an installation may rightly be older. */
  readonly version: MinorVersion;
  /** All that name it. */
  readonly where: readonly string[];
}

/** Undefined where nothing names a version. */
export function judgeVersion(
  evidence: readonly Evidence[],
  { from, to }: { readonly from: MinorVersion; readonly to: MinorVersion },
): Judged | undefined {
  const newest = newestOf(evidence.map(({ version }) => version));
  if (newest === undefined) return undefined;
  const where = evidence.filter(({ version }) => version === newest).map((one) => one.where);
  return { standing: standingOf(newest, from, to), version: newest, where: [...new Set(where)] };
}

function standingOf(version: MinorVersion, from: MinorVersion, to: MinorVersion): Standing {
  const [toFrom, toTo] = [compareVersions(version, from), compareVersions(version, to)];
  if (toFrom <= 0) return toFrom === 0 ? 'from' : 'older';
  if (toTo >= 0) return toTo === 0 ? 'to' : 'newer';
  return 'between';
}
