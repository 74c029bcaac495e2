import { ApplicationFailure } from '@temporalio/common';
import type { LeftByAnother, RevertBegin, StepOutcome } from '../../src/domain/tenant/outcome.ts';
import type { InstallationState, PreflightReport } from '../../src/domain/tenant/finding.ts';
import type { Step } from '../../src/domain/tenant/step-kinds.ts';
import type { ResolvedPath } from '../../src/domain/tenant/step.ts';
import { FaultScript } from './fake-faults.ts';
import { FakeInstallation } from './fake-installation.ts';

/** What one look at the fake says about a step. */
type Done = Pick<StepOutcome, 'status'>;
const DONE: Done = { status: 'done' };
const UNCHANGED: Done = { status: 'unchanged' };
const ABSENT: Done = { status: 'absent' };

/** A tenant: its installation, the trouble that is scripted for it, and what each kind of step does to it. */
export class FakeTenant {
  readonly installation = new FakeInstallation();
  readonly script = new FaultScript();
  /** Backups that were made of it when it was half upgraded. */
  readonly #halfWay = new Set<string>();
  /** Findings that the check reports. */
  readonly findings: PreflightReport['findings'][number][] = [];
  /** Set when what cannot be undone is rolled out. */
  hasCrossed = false;
  /** Its crossing fails before anything is un-paused. */
  neverCrosses = false;
  /** Its worker, which may be a site’s, knows nothing of what came with this release. */
  isOfEarlierRelease = false;
  /** What an earlier upgrade has left there. */
  leftByAnother: LeftByAnother = { lines: [] };
  /** How often the command of `run-in-pod` really ran. */
  commandsRun = 0;

  /** By what the cluster shows that the point of no return is crossed. */
  get crossed(): string | undefined {
    return this.hasCrossed ? 'dc/system-app says so' : undefined;
  }

  beginRevert(backupName: string, crossed: boolean, { steps }: ResolvedPath): RevertBegin {
    if (!this.installation.secrets.has(backupName)) return { status: 'nothing-to-undo' };
    return this.crossed !== undefined && !crossed
      ? { status: 'crossed', why: this.crossed }
      : {
          status: 'begun',
          untouched: this.differencesFrom(backupName).length === 0,
          ran: steps.filter((step) => step.kind === 'run-in-pod' && this.#isDone(step)).map(({ id }) => id),
        };
  }

  check(path: ResolvedPath): PreflightReport {
    const changing = path.steps.filter(({ kind }) => !kind.startsWith('verify') && kind !== 'pause-rollouts');
    const alreadyDone = changing.filter((step) => this.#isDone(step)).map(({ id }) => id);
    // A DeploymentConfig that runs its template has nothing to roll: that says nothing about the version.
    const telling = changing.filter(({ kind }) => kind !== 'roll-out');
    const done = telling.filter(({ id }) => alreadyDone.includes(id)).length;
    const installation: InstallationState =
      done === 0 ? 'from' : done === telling.length ? 'upgraded' : 'half-upgraded';
    return { installation, findings: this.findings, alreadyDone };
  }

  /** Says whether that backup is of a tenant that was half upgraded. */
  backUp(name: string, path: ResolvedPath): boolean {
    if (this.installation.secrets.has(name)) return this.#halfWay.has(name);
    if (this.check(path).installation !== 'from') this.#halfWay.add(name);
    this.installation.secrets.set(name, JSON.stringify(this.installation.spec()));
    this.installation.writes.push(`create secret ${name}`);
    return this.#halfWay.has(name);
  }

  apply(step: Step): Done {
    if (step.kind === 'verify-staged') return UNCHANGED;
    if (step.kind === 'verify-upgraded')
      throw new Error('verify-upgraded is told the path: see verifyUpgraded');
    if (this.#isAbsent(step)) return ABSENT;
    if (this.#isDone(step)) return UNCHANGED;
    const { installation } = this;
    switch (step.kind) {
      case 'pause-rollouts':
        for (const { name } of step.deploymentConfigs) {
          const config = installation.deploymentConfigs.get(name);
          if (config && !config.paused) installation.pause(name);
        }
        break;
      case 'create-route':
        installation.routes.set(step.route, { host: 'master.example.com', tls: 'edge/Allow' });
        installation.writes.push(`create route ${step.route}`);
        break;
      case 'tag-image-stream':
        installation.tag(step.imageStream, step.tag, step.image);
        break;
      case 'set-image':
        installation.setTemplate(step.deploymentConfig, { image: step.image });
        break;
      case 'set-env':
        installation.setTemplate(step.deploymentConfig, { env: wantedEnv(step) });
        break;
      case 'create-secret':
        installation.secrets.set(step.secret, installation.secrets.get(step.fromSecret) ?? '');
        installation.writes.push(`create secret ${step.secret}`);
        break;
      case 'roll-out':
        installation.resume(step.deploymentConfig);
        break;
      case 'delete-deployment-config':
        installation.deploymentConfigs.delete(step.deploymentConfig);
        installation.writes.push(`delete ${step.deploymentConfig}`);
        break;
      case 'delete-route':
        for (const route of step.routes) installation.routes.delete(route);
        installation.writes.push('delete the old route');
        break;
      case 'run-in-pod':
        this.commandsRun += 1;
        break;
      case 'follow-image-stream':
        break;
    }
    return DONE;
  }

  revert(step: Step, backupName: string): Done {
    const { installation } = this;
    const backup = this.backup(backupName);
    switch (step.kind) {
      case 'create-route':
        if (backup.routes[step.route] || !installation.routes.delete(step.route)) return UNCHANGED;
        installation.writes.push(`delete route ${step.route}`);
        return DONE;
      case 'tag-image-stream': {
        const stream = installation.imageStream(step.imageStream);
        const before = backup.imageStreams[step.imageStream];
        if (!before || stream.latest === before.latest) return UNCHANGED;
        if (stream.latest !== step.tag) throw editedByOthers(`imagestream/${step.imageStream}`);
        installation.tag(step.imageStream, before.latest);
        return DONE;
      }
      case 'set-image':
        return this.#restore(step.deploymentConfig, 'image', step.image, backupName);
      case 'set-env': {
        const results = Object.entries(wantedEnv(step)).map(([name, value]) =>
          this.#restore(step.deploymentConfig, name, value, backupName),
        );
        return results.includes(DONE) ? DONE : UNCHANGED;
      }
      case 'create-secret':
        if (step.secret in backup.secrets || !installation.secrets.delete(step.secret)) return UNCHANGED;
        installation.writes.push(`delete secret ${step.secret}`);
        return DONE;
      case 'roll-out': {
        const config = installation.deploymentConfigs.get(step.deploymentConfig);
        if (!config) return ABSENT;
        if (config.paused) return UNCHANGED;
        installation.pause(step.deploymentConfig);
        return DONE;
      }
      case 'delete-deployment-config': {
        const before = backup.deploymentConfigs[step.deploymentConfig];
        if (!before || installation.deploymentConfigs.has(step.deploymentConfig)) return UNCHANGED;
        installation.deploymentConfigs.set(step.deploymentConfig, { ...before, paused: true, running: '' });
        installation.writes.push(`create ${step.deploymentConfig} paused`);
        return DONE;
      }
      case 'delete-route':
        for (const name of step.routes) {
          const before = backup.routes[name];
          if (before && !installation.routes.has(name)) {
            installation.routes.set(name, before);
            installation.writes.push(`create route ${name}`);
            return DONE;
          }
        }
        return UNCHANGED;
      default:
        throw new Error(`${step.kind} has no revert`);
    }
  }

  resume(name: string): Done {
    const config = this.installation.deploymentConfigs.get(name);
    if (!config) return ABSENT;
    if (!config.paused) return UNCHANGED;
    this.installation.resume(name);
    return DONE;
  }

  /** What is not as the path wants it. */
  notUpgraded(path: readonly Step[]): string[] {
    return path
      .filter(
        ({ kind }) => !['pause-rollouts', 'verify-staged', 'verify-upgraded', 'run-in-pod'].includes(kind),
      )
      .filter((step) => !this.#isAbsent(step) && !this.#isDone(step))
      .map(({ id }) => id);
  }

  differencesFrom(backupName: string): string[] {
    const now = this.installation.spec();
    const before = this.backup(backupName);
    return (Object.keys(now) as (keyof typeof now)[]).flatMap((kind) =>
      [...new Set([...Object.keys(now[kind]), ...Object.keys(before[kind])])]
        .filter((name) => JSON.stringify(now[kind][name]) !== JSON.stringify(before[kind][name]))
        .map((name) => `${kind}/${name}`),
    );
  }

  backup(name: string): ReturnType<FakeInstallation['spec']> {
    const text = this.installation.secrets.get(name);
    if (text === undefined) throw ApplicationFailure.nonRetryable(`secret/${name} is not there`, 'NotFound');
    return JSON.parse(text) as ReturnType<FakeInstallation['spec']>;
  }

  #restore(name: string, field: string, wanted: string, backupName: string): Done {
    const { template } = this.installation.deploymentConfig(name);
    const before = this.backup(backupName).deploymentConfigs[name]?.template;
    const read = (from: typeof template | undefined) => (field === 'image' ? from?.image : from?.env[field]);
    const original = read(before);
    if (read(template) === original) return UNCHANGED;
    if (read(template) !== wanted) throw editedByOthers(`dc/${name}`);
    this.installation.setTemplate(
      name,
      field === 'image'
        ? original === undefined
          ? {}
          : { image: original }
        : { env: { [field]: original } },
    );
    return DONE;
  }

  #isAbsent(step: Step): boolean {
    if (!('deploymentConfig' in step)) return false;
    return step.optional === true && !this.installation.deploymentConfigs.has(step.deploymentConfig);
  }

  #isDone(step: Step): boolean {
    const { deploymentConfigs, imageStreams, routes, secrets } = this.installation;
    switch (step.kind) {
      case 'pause-rollouts':
        return step.deploymentConfigs.every(({ name }) => deploymentConfigs.get(name)?.paused ?? true);
      case 'create-route':
        return routes.has(step.route);
      case 'tag-image-stream':
        return imageStreams.get(step.imageStream)?.latest === step.tag;
      case 'follow-image-stream':
        return true;
      case 'set-image':
        return deploymentConfigs.get(step.deploymentConfig)?.template.image === step.image;
      case 'set-env': {
        const env = deploymentConfigs.get(step.deploymentConfig)?.template.env ?? {};
        return Object.entries(wantedEnv(step)).every(([name, value]) => env[name] === value);
      }
      case 'create-secret':
        return secrets.has(step.secret);
      case 'roll-out': {
        const config = deploymentConfigs.get(step.deploymentConfig);
        return !config || (!config.paused && config.running === JSON.stringify(config.template));
      }
      case 'delete-deployment-config':
        return !deploymentConfigs.has(step.deploymentConfig);
      case 'delete-route':
        return step.routes.every((route) => !routes.has(route));
      case 'run-in-pod':
        return this.commandsRun > 0;
      // The verifications, and kinds of which this tenant has nothing.
      default:
        return false;
    }
  }
}

function wantedEnv(step: Extract<Step, { kind: 'set-env' }>): Record<string, string> {
  return Object.fromEntries(
    step.env.map((setting) => [
      setting.name,
      'value' in setting ? setting.value : `from secret/${setting.secret} key ${setting.key}`,
    ]),
  );
}

function editedByOthers(object: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`${object} was edited since`, 'EditedByOthers', {
    hint: 'Put it back, and type retry.',
    attempts: 1,
  });
}
