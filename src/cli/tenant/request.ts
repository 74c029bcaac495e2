import { createHash } from 'node:crypto';
import { receiversByFlags, withFlags } from '../../config/notify-flags.ts';
import type { TenantFile } from '../../config/tenant-file.ts';
import { policyOf as windowPolicyOf, readTenantFile } from '../../config/tenant-file.ts';
import type { Receiver } from '../../domain/notify/receivers.ts';
import { isImageReference } from '../../domain/tenant/image-reference.ts';
import { domainProblem, usernameProblem } from '../../domain/tenant/impersonation.ts';
import type { UpgradeChoices } from '../../domain/tenant/written-plan.ts';
import type { ComponentChoice } from '../../domain/paths/choices.ts';
import { choicesOf } from '../../domain/paths/choices.ts';
import {
  IMAGE_NAMES,
  nameOfPath,
  NEVER_LEFT,
  optionNotTaken,
  resolvePath,
} from '../../domain/paths/index.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import type { FailurePolicy } from '../../domain/tenant/tenant-upgrade.ts';
import type { TenantRef } from '../../domain/tenant/tenant.ts';
import type { WindowPolicy } from '../../domain/windows/policy.ts';
import { windowProblems, windowWarnings } from '../../domain/windows/find-window.ts';
import { Clusters } from '../../openshift/clusters.ts';
import { CliError } from '../cli-error.ts';
import { knownPath } from '../known-path.ts';
import type { TenantOptions, UpgradeOptions } from '../options.ts';
import { typedAgain } from '../options.ts';
import { together } from '../together.ts';

/** Where `start` puts the values of section 1.3 that were given as flags. */
export const IMPERSONATION_SOURCE = 'threescale-upgrade-impersonation';

/** What was asked for, checked as far as it can be without a cluster. */
export interface UpgradeRequest {
  readonly tenant: TenantRef;
  readonly clusters: Clusters;
  readonly choices: UpgradeChoices;
  /** Of the choices. */
  readonly path: ResolvedPath;
  /** Flags besides the tenant's, as they may be typed again. */
  readonly typed: readonly string[];
  /** Given as flags: they go into a Secret of the tenant's namespace, and nowhere else. */
  readonly impersonation?: { readonly username: string; readonly domain: string };
  /** Who is told of it. */
  readonly notify?: readonly Receiver[];
}

/** `warn` is told what is to be said aloud of the cluster; nothing where none of it is reached from here. */
export function tenantRequest(
  options: TenantOptions,
  warn?: (line: string) => void,
): {
  readonly tenant: TenantRef;
  readonly clusters: Clusters;
  readonly file: TenantFile;
} {
  const file =
    options.file === undefined ? {} : readTenantFile(options.file, { ownWindows: !typesWindow(options) });
  const clusters = new Clusters(options.kubeconfig, { warn });
  const tenant = clusters.tenant(options.context ?? file.context, options.namespace ?? file.namespace);
  return { tenant, clusters, file };
}

/** Flags go before the file. Throws CliError, ConfigError or KubeconfigError. */
export function upgradeRequest(options: UpgradeOptions, warn?: (line: string) => void): UpgradeRequest {
  refuseWrong(options);
  const { tenant, clusters, file } = tenantRequest(options, warn);
  const choices = choicesFrom(options, file);
  return {
    tenant,
    clusters,
    choices,
    path: pathOfChoices(choices, warn),
    typed: typedAgain(options),
    ...impersonationOf(options),
    ...receiversFrom(options, file),
  };
}

/** Who is told, by the file and by flags. Throws ConfigError. */
export function receiversFrom(
  { notify: texts = [] }: UpgradeOptions,
  { notify: ofFile = [] }: TenantFile,
): Pick<UpgradeRequest, 'notify'> {
  const notify = withFlags(ofFile, receiversByFlags(texts, 'tenant'));
  return notify.length > 0 ? { notify } : {};
}

/** All that is wrong with what was typed, together. Throws CliError, ConfigError or KubeconfigError. */
function refuseWrong(options: UpgradeOptions): void {
  const { file, context, namespace = 'any' } = options;
  let named: TenantFile | undefined;
  together([
    () => (named = file === undefined ? {} : readTenantFile(file, { ownWindows: !typesWindow(options) })),
    () => named && new Clusters(options.kubeconfig).tenant(context ?? named.context, namespace),
    () => named ?? new Clusters(options.kubeconfig).contexts(),
    () => impersonationOf(options),
    () => checkedImages(options.image),
    () => componentsOf(options),
    () => receiversFrom(options, {}),
    () => knownPath(options.path),
    () => options.onFailure === undefined || policyOf(options.onFailure),
    () => {
      if (typesWindow(options)) refuseWithoutRoom(windowsOf(options, {}));
    },
  ]);
}

const typesWindow = ({ windowOpens, windowMinutes, windowZone }: Partial<UpgradeOptions>): boolean =>
  [windowOpens, windowMinutes, windowZone].some((option) => option !== undefined);

/** All that is chosen by flags and by the file. Throws CliError. */
export function choicesFrom(options: UpgradeOptions, file: TenantFile): UpgradeChoices {
  const { impersonation } = impersonationOf(options);
  const secret =
    options.impersonationSecret ?? (impersonation ? IMPERSONATION_SOURCE : file.impersonation?.secret);
  const found = knownPath(options.path ?? file.path);
  const assumed = options.assumeVersion ?? file.assumeVersion;
  if (assumed !== undefined && assumed !== found.from) {
    throw new CliError(
      `--assume-version ${assumed}: the path ${found.from}-${found.to} starts from ${found.from}`,
      {
        hint: `Only what is ${found.from} can be upgraded by it: --assume-version ${found.from}, where you know that it is.`,
      },
    );
  }
  return {
    path: nameOfPath(found),
    options: {
      images: { ...withoutUndefined(file.images ?? {}), ...checkedImages(options.image) },
      ...(secret === undefined ? {} : { impersonation: { fromSecret: secret } }),
      releaseEverywhere: options.releaseEverywhere ?? file.releaseEverywhere ?? false,
      ...choicesOf({
        components: componentsOf(options) ?? file.components,
        takeAlong: options.takeAlong ?? file.takeAlong,
        replaceLatest: options.replaceLatest ?? file.replaceLatest,
      }),
      ...(assumed === undefined ? {} : { assumedVersion: found.from }),
    },
    windows: windowsOf(options, file),
    onFailure: policyOf(options.onFailure ?? file.onFailure ?? 'revert'),
    logs: options.logs && file.logs !== false,
  };
}

/** The path of choices, which are looked at as they stand now. Throws CliError. */
export function pathOfChoices(
  { path, options, windows }: UpgradeChoices,
  warn?: (line: string) => void,
): ResolvedPath {
  refuseWithoutRoom(windows);
  const known = knownPath(path);
  const untaken = optionNotTaken(known, options);
  if (untaken !== undefined)
    throw new CliError(`the upgrade path ${path} takes no ${untaken}`, {
      hint: 'Leave it out: it would have no effect.',
    });
  for (const warning of windowWarnings(windows.windows)) warn?.(`warning: ${warning}`);
  return resolvePath(known, options, shortHash);
}

/** Throws CliError where the windows leave no room for an upgrade, or are none. */
function refuseWithoutRoom(windows: WindowPolicy): void {
  const problems = windowProblems(windows, Date.now());
  if (problems.length === 0) return;
  throw new CliError(problems.join('\n'), {
    hint: 'Put the window right: the switch and its rollback need 60 minutes, unless the file’s estimate says otherwise.',
  });
}

/** First 12 hex digits of SHA-256. */
export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Undefined where no flag says anything of one. */
function componentsOf({
  follow = [],
  leave = [],
}: UpgradeOptions): Readonly<Record<string, ComponentChoice>> | undefined {
  const both = follow.find((name) => leave.includes(name));
  if (both !== undefined)
    throw new CliError(`--follow ${both} and --leave ${both}: it can be only one of them`, {
      hint: `Use --follow ${both} where it is to run the new version, and --leave ${both} where it is to stay.`,
    });
  const unleft = leave.find((name) => NEVER_LEFT.includes(name));
  if (unleft !== undefined)
    throw new CliError(`--leave ${unleft}: it migrates the database of the others, and cannot be left`, {
      hint: `Use --follow ${unleft}.`,
    });
  if (follow.length + leave.length === 0) return undefined;
  return Object.fromEntries([
    ...follow.map((name) => [name, 'follow'] as const),
    ...leave.map((name) => [name, 'leave'] as const),
  ]);
}

function checkedImages(images: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = IMAGE_NAMES;
  for (const [name, reference] of Object.entries(images)) {
    if (!names.includes(name)) {
      throw new CliError(`--image ${name}=…: there is no such image`, {
        hint: `Images there are: ${names.join(', ')}.`,
      });
    }
    if (!isImageReference(reference)) {
      throw new CliError(`--image ${name}=${reference} is no image reference`, {
        hint: `Write it as in: --image ${name}=mirror.example.com/3scale-amp24/${name}`,
      });
    }
  }
  return images;
}

/** Its values as flags say them; nothing where none does. Throws CliError. */
export function impersonationOf({
  impersonationUsername: username,
  impersonationDomain: domain,
}: UpgradeOptions): Pick<UpgradeRequest, 'impersonation'> {
  if (username === undefined && domain === undefined) return {};
  if (username === undefined || domain === undefined) {
    throw new CliError('--impersonation-username and --impersonation-domain need each other', {
      hint: 'Give both, or a Secret that holds both: --impersonation-secret <name>',
    });
  }
  const problem = usernameProblem(username) ?? domainProblem(domain);
  if (problem !== undefined) {
    throw new CliError(`impersonation: ${problem}`, {
      hint: 'As in: --impersonation-username impersonator --impersonation-domain example.com',
    });
  }
  return { impersonation: { username, domain } };
}

function windowsOf(options: UpgradeOptions, file: TenantFile): WindowPolicy {
  const { windowOpens: opens, windowMinutes: durationMinutes, windowZone: zone } = options;
  const given = [opens, durationMinutes, zone].filter((option) => option !== undefined).length;
  if (given > 0 && (opens === undefined || durationMinutes === undefined || zone === undefined)) {
    throw new CliError('--window-opens, --window-minutes and --window-zone need each other', {
      hint: 'As in: --window-opens "0 22 * * 6" --window-minutes 240 --window-zone Europe/Berlin',
    });
  }
  const byFlags = opens !== undefined && durationMinutes !== undefined && zone !== undefined;
  return {
    ...windowPolicyOf(file),
    ...(byFlags ? { windows: [{ opens, durationMinutes, zone }] } : {}),
  };
}

function policyOf(policy: string): FailurePolicy {
  if (policy === 'revert' || policy === 'hold') return policy;
  throw new CliError(`--on-failure ${policy}: there is no such policy`, { hint: 'Use revert or hold.' });
}

function withoutUndefined(images: Readonly<Record<string, string | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(images).flatMap(([name, image]) => (image === undefined ? [] : [[name, image] as const])),
  );
}
