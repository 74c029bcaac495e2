import { differing } from './differing-fields.ts';
import type { Finding, InstallationState } from './finding.ts';
import type { PathOptions } from '../paths/upgrade-path.ts';
import type { FieldChange, PlannedStep } from './plan.ts';
import type { FailurePolicy } from './tenant-upgrade.ts';
import type { TenantRef } from './tenant.ts';
import type { WindowPolicy } from '../windows/policy.ts';

/** All that is chosen for an upgrade, besides its tenant. */
export interface UpgradeChoices {
  /** `2.3-2.4`. */
  readonly path: string;
  readonly options: PathOptions;
  readonly windows: WindowPolicy;
  readonly onFailure: FailurePolicy;
  /** False: where something fails, the end of no log is told. */
  readonly logs: boolean;
}

/** An object as it was found. What its fields hold stands for itself by short hashes; variables' values by nothing. */
export interface FoundObject {
  readonly uid: string;
  readonly fields: unknown;
}

/** What was planned: all that a start by this plan has to find again. */
export interface PlanContent extends FoundTenant {
  readonly tenant: TenantRef;
  readonly choices: UpgradeChoices;
  /** Names the steps that the choices lead to. */
  readonly pathHash: string;
}

/** A tenant as it was found, and what the steps would do to it. */
export interface FoundTenant {
  readonly installation: InstallationState;
  readonly version?: string;
  /** Those that let an upgrade go on. */
  readonly findings: readonly Finding[];
  readonly steps: readonly PlannedStep[];
  /** By `dc/system-app`: all that a step may change, create or delete, and is there. */
  readonly objects: Readonly<Record<string, FoundObject>>;
}

/** What is not any more as it was planned, a line each; empty where all is. */
export function movedSince(before: FoundTenant, now: FoundTenant): string[] {
  const { installation, version = 'none' } = before;
  return [
    ...(version === (now.version ?? 'none')
      ? []
      : [`the version found: was ${version}, is ${now.version ?? 'none'}`]),
    ...(installation === now.installation
      ? []
      : [`the installation: was ${installation}, is ${now.installation}`]),
    ...movedFindings(before.findings, now.findings),
    ...movedSteps(before.steps, now.steps),
    ...movedObjects(before.objects, now.objects),
  ];
}

function movedFindings(before: readonly Finding[], now: readonly Finding[]): string[] {
  const words = ({ object, message }: Finding): string =>
    object === undefined || message.includes(object) ? message : `${object}: ${message}`;
  const [was, is] = [new Set(before.map(words)), new Set(now.map(words))];
  return [
    ...[...is].filter((one) => !was.has(one)).map((one) => `found now: ${one}`),
    ...[...was].filter((one) => !is.has(one)).map((one) => `found no more: ${one}`),
  ];
}

function movedSteps(before: readonly PlannedStep[], now: readonly PlannedStep[]): string[] {
  const ids = new Set([...before, ...now].map(({ id }) => id));
  return [...ids].flatMap((id) => {
    const [was, is] = [before, now].map((steps) => steps.find((step) => step.id === id));
    if (!was) return [`step ${id}: was not planned`];
    if (!is) return [`step ${id}: is gone`];
    if (was.status !== is.status) return [`step ${id}: was ${was.status}, is ${is.status}`];
    const moved = movedChanges(was.changes, is.changes).map((line) => `step ${id}: ${line}`);
    return moved.length === 0 && was.note !== is.note
      ? [`step ${id}: was “${was.note ?? ''}”, is “${is.note ?? ''}”`]
      : moved;
  });
}

function movedChanges(before: readonly FieldChange[], now: readonly FieldChange[]): string[] {
  const place = ({ object, path }: FieldChange): string => [object, path].filter(Boolean).join(' ');
  const places = new Set([...before, ...now].map(place));
  return [...places].flatMap((one) => {
    const [was, is] = [before, now].map((changes) => changes.filter((change) => place(change) === one));
    const [then, since] = [was, is].map((changes = []) => changes.map(effect).join('; ') || 'nothing');
    return then === since ? [] : [`${one}: planned ${then ?? ''}, now it would be ${since ?? ''}`];
  });
}

const effect = ({ before = 'nothing', after = 'nothing' }: FieldChange): string => `${before} → ${after}`;

function movedObjects(before: FoundTenant['objects'], now: FoundTenant['objects']): string[] {
  const names = [...new Set([...Object.keys(before), ...Object.keys(now)])].sort();
  return names.flatMap((name) => {
    const [was, is] = [before[name], now[name]];
    if (!was) return [`${name} is there, and was not`];
    if (!is) return [`${name} is gone`];
    if (was.uid !== is.uid) return [`${name} was created anew`];
    return differing(was.fields, is.fields).map(({ path }) => `${name} ${path} has changed`);
  });
}
