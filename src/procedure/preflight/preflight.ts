import { headlineOf } from '../../domain/tenant/failure-evidence.ts';
import type { CheckName, Finding, InstallationState, PreflightReport } from '../../domain/tenant/finding.ts';
import type { StepInspection } from '../../domain/tenant/plan.ts';
import type { Step } from '../../domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { pausedConfigs, stepsOf } from '../../domain/tenant/step.ts';
import { takenAlongIn } from '../../domain/paths/choices.ts';
import { evidenceOf, findPath, nameOfPath } from '../../domain/paths/index.ts';
import { judgeVersion, versionOfRelease } from '../../domain/tenant/version.ts';
import type { Rollout } from '../../openshift/rollout.ts';
import { judgeRollout, newestControllerName } from '../../openshift/rollout.ts';
import { Snapshot } from '../../openshift/snapshot.ts';
import type { TenantApi, TenantReader } from '../../openshift/tenant-api.ts';
import type { DeploymentConfig, ImageStream, ReplicationController } from '../../openshift/types.ts';
import { absentFindings } from './absent-findings.ts';
import { valueProblems } from '../edit/checked-values.ts';
import { gatherEvidence } from '../evidence/gather.ts';
import { imageFindings } from './image-findings.ts';
import { ownImages, unmirrored } from './latest-findings.ts';
import { inspectSteps } from './inspect.ts';
import { installationOf } from '../installation.ts';
import { lackingRights } from './lacking-rights.ts';
import { migrationFindings } from './migration-findings.ts';
import { recreatedFindings } from './recreated.ts';
import { describeRights, rightsFor } from './rights.ts';
import { otherFollowers } from './other-followers.ts';
import { partsOf } from '../backup/backup-secret.ts';
import type { Claim } from '../claim/claim.ts';
import { claimOf } from '../claim/claim.ts';
import { StepError } from '../step-error.ts';
import type { Look, View } from '../steps/step-module.ts';
import { isModuleStep } from '../steps/step-module.ts';
import { onlyBackup, takeBackup } from '../backup/take-backup.ts';
import { withLeft } from '../claim/left-half-done.ts';
import { isPausedByUs } from '../claim/marks.ts';
import { versionOf } from './version.ts';
import { contradiction, isBornAs, isUntold, versionFinding, versionShown } from './version-finding.ts';
import { deletedConfigs } from '../backup/touched.ts';

/** Read only: everything that stands against an upgrade of this tenant, together. */
export async function preflight(look: Look, path: ResolvedPath): Promise<PreflightReport> {
  const unsafe = tlsFindings(look.api);
  const nothingKnown = { installation: 'unknown', alreadyDone: [] } as const;
  if ((await look.api.namespaceExists()) === false)
    return { ...nothingKnown, findings: [noNamespace(look.api), ...unsafe] };
  const access = await accessFindings(look.api, path);
  if (access.length > 0) return withLeft(look, path, { ...nothingKnown, findings: [...access, ...unsafe] });
  const view: View = { ...look, api: new Snapshot(look.api) };
  const [configs, controllers] = await Promise.all([
    view.api.list('deploymentconfigs'),
    view.api.list('replicationcontrollers'),
  ]);
  const app = configs.find(({ metadata }) => metadata.name === APP);
  if (!app) return withLeft(look, path, { ...nothingKnown, findings: [notInstalled(look.api), ...unsafe] });
  const installed = await versionOf(view.api, app, path.steps, evidenceOf(path));
  const judged = judgeVersion(installed.evidence, path);
  const version = isUntold(judged, installed) ? undefined : versionShown(installed, judged);
  const named = version === undefined ? {} : { version };
  const wrongVersion = versionFinding(path, judged, installed);
  if (wrongVersion && (judged || isUntold(judged, installed))) {
    const findings = [wrongVersion, ...unsafe];
    return withLeft(look, path, { ...nothingKnown, ...named, findings });
  }
  if (judged?.standing === 'to' && isBornAs(versionOfRelease(path.to), installed))
    return { installation: 'upgraded', ...named, bornAsSuch: true, findings: unsafe, alreadyDone: [] };
  const inspections = await inspectSteps(view, path);
  const installation = installationOf(path.steps, inspections);
  const streams = await view.api.list('imagestreams');
  const findings = [
    ...(wrongVersion ? [wrongVersion] : []),
    ...(judged?.standing === 'to' && installation === 'from' ? [contradiction(judged, path)] : []),
    ...blockedFindings(path.steps, inspections),
    ...(await rolloutFindings(look, path.steps, configs, controllers, installation)),
    ...absentFindings(path.steps, { configs, streams }),
    ...imageFindings(view, path.steps, { configs, streams }, installation),
    ...(installation === 'upgraded' ? [] : migrationFindings(path.steps, configs, inspections)),
    ...(installation === 'upgraded' ? [] : await ownersFindings(view, path.steps, { configs, streams })),
    ...(await impersonationFindings(view, path.steps)),
    ...(await backupFindings(view, path)),
    ...unsafe,
  ];
  const alreadyDone = path.steps
    .filter((step) => isModuleStep(step) && inspections.get(step.id)?.status === 'done')
    .map(({ id }) => id);
  const claim = claimOf(app);
  const backup = installation === 'upgraded' ? await backupLeft(look.api, path, claim) : undefined;
  return withLeft(look, path, {
    installation,
    ...named,
    ...(backup === undefined ? {} : { backup }),
    ...(claim && installation === 'upgraded' ? { claimed: true } : {}),
    findings,
    alreadyDone,
  });
}

/** Names the version, and is there in every installation. */
const APP = 'system-app';

/** One line to type that makes a Role and a RoleBinding, with what the steps want besides: rights that are asked for only then. */
function grantHint(namespace: string, resolved: ResolvedPath): string {
  const { steps } = resolved;
  const [copied] = stepsOf(steps, 'create-secret');
  const name = nameOfPath(resolved);
  const path = findPath() === findPath(name) ? '' : ` --path ${name}`;
  const more = copied ? ` --impersonation-secret ${copied.fromSecret}` : '';
  const along = takenAlongIn(steps).map(([own, like]) => ` --take-along ${own}=${like}`);
  return (
    `Grant it with: threescale-upgrade rbac -n ${namespace}${path}${more}${along.join('')} --bind-user NAME | oc apply -f - ` +
    '(a Role with all that an upgrade needs, and a RoleBinding to NAME, which is what oc whoami says to the identity; a ' +
    'service account: --bind-serviceaccount PROJECT:NAME).'
  );
}

function tlsFindings({ verifiesTls }: TenantApi): Finding[] {
  if (verifiesTls) return [];
  const message =
    'the certificate of the API server is not verified (insecure-skip-tls-verify): whoever is in between can read ' +
    'the credentials and every Secret, and change everything';
  const hint =
    'Set its authority with: oc config set-cluster NAME --certificate-authority=FILE --embed-certs --insecure-skip-tls-verify=false';
  return [{ check: 'certificate-verified', severity: 'warning', message, hint }];
}

function noNamespace({ namespace }: TenantReader): Finding {
  const message = `the namespace ${namespace} is not there`;
  const hint = 'Name another one with --namespace; list them with: oc projects';
  return fatal('namespace-exists', message, hint);
}

/** One finding, whatever is missing: it is granted in one go. */
async function accessFindings(api: TenantApi, path: ResolvedPath): Promise<Finding[]> {
  const { namespace } = api;
  const lacking = await lackingRights(api, rightsFor(path));
  if (lacking.length === 0) return [];
  const message = `not allowed in ${namespace}: ${describeRights(lacking)}`;
  return [fatal('permissions', message, grantHint(namespace, path))];
}

function notInstalled({ namespace }: TenantReader): Finding {
  const message = `${namespace} holds no 3scale installation: dc/${APP} is not there`;
  return fatal('objects-present', message, 'Name the project of an installation with --namespace.');
}

function blockedFindings(
  steps: readonly Step[],
  inspections: ReadonlyMap<string, StepInspection>,
): Finding[] {
  // What its rollout is blocked by is found by itself.
  const rollOuts = stepsOf(steps, 'roll-out').map(({ id }) => id);
  return steps.flatMap(({ id }) => {
    const { status, note } = inspections.get(id) ?? {};
    if (status !== 'blocked' || rollOuts.includes(id)) return [];
    const hint = `Put it right, so that the step ${id} can be done.`;
    return [fatal('objects-present', note ?? 'it cannot be done as things are', hint)];
  });
}

async function rolloutFindings(
  { api, mark }: Look,
  steps: readonly Step[],
  configs: readonly DeploymentConfig[],
  controllers: readonly ReplicationController[],
  installation: InstallationState,
): Promise<Finding[]> {
  const paused = pausedConfigs(steps);
  const deleted = deletedConfigs(steps);
  const found = paused.map(async ({ name, optional }): Promise<Finding[]> => {
    const object = `dc/${name}`;
    const config = configs.find(({ metadata }) => metadata.name === name);
    if (!config) {
      if (optional) return [];
      return [fatal('objects-present', `${object} is not there`, `Restore ${object}.`, object)];
    }
    if (isPausedByUs(config, mark)) return [];
    if (config.spec.paused) {
      const hint = `Ask who paused it; when it may roll out again: oc rollout resume ${object}`;
      return [fatal('nothing-paused', `${object} is paused, and not by an upgrade`, hint, object)];
    }
    if (deleted.includes(name) && installation !== 'from') return [];
    const newest = controllers.find(({ metadata }) => metadata.name === newestControllerName(config));
    return [...(await settledFindings(api, config, newest, installation)), ...triggerFindings(config)];
  });
  return (await Promise.all(found)).flat();
}

async function settledFindings(
  api: TenantApi,
  config: DeploymentConfig,
  newest: ReplicationController | undefined,
  installation: InstallationState,
): Promise<Finding[]> {
  const object = `dc/${config.metadata.name}`;
  const rollout = judgeRollout(config, newest);
  if (rollout.status === 'running') {
    const hint = `Wait until it is over: oc rollout status ${object}`;
    return [fatal('no-rollout-running', `${object} is not settled: ${rollout.note}`, hint, object)];
  }
  if (rollout.status === 'failed') {
    const message = `the last rollout of ${object} failed: ${await whyFailed(api, config, rollout)}`;
    const finding = fatal('last-rollout-ok', message, `Put it right: oc rollout latest ${object}`, object);
    // Half way it may be the upgrade's own rollout that failed: to finish is to roll it out once more.
    return [installation === 'from' ? finding : { ...finding, severity: 'warning' }];
  }
  return [];
}

/** What the cluster says where it does; what is left of its pods otherwise. Without logs: a line has no room for them. */
async function whyFailed(
  api: TenantApi,
  config: DeploymentConfig,
  { why, isReason }: Extract<Rollout, { status: 'failed' }>,
): Promise<string> {
  if (isReason) return why;
  const subject = { deploymentConfig: config.metadata.name, controller: newestControllerName(config) };
  return headlineOf(await gatherEvidence(api, subject, { withLogs: false })) ?? why;
}

/** Without these, what changed while it was paused would never roll by itself. */
function triggerFindings({ metadata, spec }: DeploymentConfig): Finding[] {
  const object = `dc/${metadata.name}`;
  const triggers = spec.triggers ?? [];
  // The API leaves `false` out.
  const manual = triggers.filter(({ imageChangeParams: change }) => change && change.automatic !== true);
  if (triggers.some(({ type }) => type === 'ConfigChange') && manual.length === 0) return [];
  const message = `${object} does not roll out by itself when it is changed: its triggers are manual or missing`;
  return [fatal('triggers-automatic', message, `Set them with: oc set triggers ${object} --auto`, object)];
}

/** What its owner has made otherwise than the vendor: of what is upgraded already it is his own business. */
async function ownersFindings(
  { api }: View,
  steps: readonly Step[],
  {
    configs,
    streams,
  }: { readonly configs: readonly DeploymentConfig[]; readonly streams: readonly ImageStream[] },
): Promise<Finding[]> {
  return [
    ...recreatedFindings(steps, configs),
    ...ownImages(steps, { streams, configs }),
    ...unmirrored(steps, { streams, configs }),
    ...(await otherFollowers(api, steps, streams)),
  ];
}

async function impersonationFindings(
  { api, announced = [] }: View,
  steps: readonly Step[],
): Promise<Finding[]> {
  const creates = stepsOf(steps, 'create-secret').filter(({ fromSecret }) => !announced.includes(fromSecret));
  const findings = await Promise.all(
    creates.map(async (step) => {
      const source = (await api.get('secrets', step.fromSecret)) ?? (await api.get('secrets', step.secret));
      const object = `secret/${step.fromSecret}`;
      const hint = `Set it right: oc create secret generic ${step.fromSecret} --from-literal=username=… --from-literal=domain=…`;
      return valueProblems(source?.data, step.keys, step.checks).map((problem) =>
        fatal('impersonation-values', `${object}: ${problem}`, hint, object),
      );
    }),
  );
  return findings.flat();
}

/** What the path touches must go into Secrets, before anything is changed. */
async function backupFindings({ api, mark }: View, path: ResolvedPath): Promise<Finding[]> {
  const backup = await takeBackup(api, path, mark);
  try {
    partsOf(backup);
    return [];
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return [fatal('backup-fits', error.message, error.hint)];
  }
}

async function backupLeft(
  api: TenantApi,
  path: ResolvedPath,
  claim: Claim | undefined,
): Promise<string | undefined> {
  return claim ? claim.backup : (await onlyBackup(api, path))?.metadata.name;
}

function fatal(check: CheckName, message: string, hint: string, object?: string): Finding {
  return { check, severity: 'fatal', message, hint, ...(object === undefined ? {} : { object }) };
}
