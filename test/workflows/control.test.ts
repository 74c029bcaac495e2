import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import {
  abortSignal,
  pauseSignal,
  resumeSignal,
  retryUpdate,
  revertUpdate,
} from '../../workflows/tenant/messages.ts';
import {
  BEFORE_NO_RETURN,
  callOf,
  FROM_NO_RETURN,
  STEPS,
  tenantToImpersonate,
} from '../support/fake-calls.ts';
import { startAndSay } from '../support/start-and-say.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open();
});

afterAll(() => lab.close());

const isHeld = ({ held }: TenantProgress) => held !== undefined;
const nothingRuns = ({ steps }: TenantProgress) => !steps.some(({ status }) => status === 'running');

describe('pause in mid-step', () => {
  it.each(STEPS)('%s is finished, nothing else begins, and a resume goes on', async (_, step) => {
    const tenant = tenantToImpersonate();
    const upgrade = await startAndSay(lab, tenant, callOf(step), ({ handle }) =>
      handle.signal(pauseSignal, OPERATOR),
    );
    if (step.kind !== 'verify-upgraded') {
      const paused = await upgrade.until(
        (progress) => progress.paused !== undefined && nothingRuns(progress),
      );
      expect(paused.paused).toMatchObject(OPERATOR);
      const attempts = tenant.script.attempts.length;
      await lab.env.sleep('3 hours');
      expect(tenant.script.attempts).toHaveLength(attempts);
      await upgrade.handle.signal(resumeSignal, { by: 'otto', why: 'window is open' });
    }
    const { state, journal } = await upgrade.result();
    expect(state).toBe('upgraded');
    expect(journal.find(({ event }) => event === 'paused')?.actor).toEqual(OPERATOR);
    expect(new Set(tenant.installation.writes).size).toBe(tenant.installation.writes.length);
  });

  it('a second pause keeps the first, and a resume without one changes nothing', async () => {
    const tenant = tenantToImpersonate();
    const upgrade = await startAndSay(lab, tenant, 'setImage set-memcache-image', async ({ handle }) => {
      await handle.signal(resumeSignal, OPERATOR);
      await handle.signal(pauseSignal, OPERATOR);
      await handle.signal(pauseSignal, { by: 'otto', why: 'me too' });
    });
    const { paused } = await upgrade.until(
      (progress) => progress.paused !== undefined && nothingRuns(progress),
    );
    expect(paused?.by).toBe(OPERATOR.by);
    await upgrade.handle.signal(resumeSignal, OPERATOR);
    const { state, journal } = await upgrade.result();
    expect(state).toBe('upgraded');
    // Each reason stands in the report, also of what changed nothing.
    expect(journal.filter(({ event }) => ['paused', 'resumed'].includes(event))).toMatchObject([
      { event: 'resumed', actor: OPERATOR, detail: 'it was not paused' },
      { event: 'paused', actor: OPERATOR },
      {
        event: 'paused',
        actor: { by: 'otto', why: 'me too' },
        detail: `it was paused already, by ${OPERATOR.by}`,
      },
      { event: 'resumed', actor: OPERATOR },
    ]);
  });
});

describe('abort in each state', () => {
  it.each(BEFORE_NO_RETURN)('during %s: everything is as it was', async (_, step) => {
    const tenant = tenantToImpersonate();
    const before = tenant.installation.spec();
    const upgrade = await startAndSay(lab, tenant, callOf(step), ({ handle }) =>
      handle.signal(abortSignal, OPERATOR),
    );
    const progress = await upgrade.result();
    expect(progress.state).toBe('aborted');
    expect(tenant.installation.spec()).toEqual(before);
    expect(progress.leftovers).toEqual([]);
    expect(progress.journal.find(({ event }) => event === 'abort-requested')?.actor).toEqual(OPERATOR);
  });

  it.each(FROM_NO_RETURN.filter(([, { kind }]) => kind !== 'verify-upgraded'))(
    'during %s, past the point of no return: it is held, and a retry goes on to the end',
    async (_, step) => {
      const tenant = tenantToImpersonate();
      const upgrade = await startAndSay(lab, tenant, callOf(step), ({ handle }) =>
        handle.signal(abortSignal, OPERATOR),
      );
      const { held } = await upgrade.until(isHeld);
      expect(held?.failure.message).toContain('point of no return');
      expect(held?.decisions).toEqual(expect.arrayContaining(['retry', 'revert', 'abandon']));
      await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
      expect((await upgrade.result()).state).toBe('upgraded');
    },
  );

  it('while paused: it does not wait for a resume', async () => {
    const tenant = tenantToImpersonate();
    const before = tenant.installation.spec();
    const upgrade = await startAndSay(lab, tenant, 'createRoute create-master-route', ({ handle }) =>
      handle.signal(pauseSignal, OPERATOR),
    );
    await upgrade.until((progress) => progress.paused !== undefined && nothingRuns(progress));
    await upgrade.handle.signal(abortSignal, OPERATOR);
    await upgrade.handle.signal(resumeSignal, OPERATOR);
    expect((await upgrade.result()).state).toBe('aborted');
    expect(tenant.installation.spec()).toEqual(before);
  });

  it('while held: everything is as it was', async () => {
    const tenant = tenantToImpersonate();
    const before = tenant.installation.spec();
    tenant.script.fail({ call: 'setEnv set-amp-release', type: 'Forbidden', times: Infinity });
    const upgrade = await lab.start({ tenant, path, onFailure: 'hold' });
    await upgrade.until(isHeld);
    await upgrade.handle.signal(abortSignal, OPERATOR);
    expect((await upgrade.result()).state).toBe('aborted');
    expect(tenant.installation.spec()).toEqual(before);
  });

  it('while the cluster cannot be reached: the step is let go', async () => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'setEnv set-amp-release', type: 'Unreachable', times: 1_000 });
    const upgrade = await lab.start({ tenant, path });
    await upgrade.until(({ steps }) =>
      steps.some(({ id, status }) => id === 'set-amp-release' && status === 'running'),
    );
    await upgrade.handle.signal(abortSignal, OPERATOR);
    expect((await upgrade.result()).state).toBe('aborted');
  });

  it('a cancellation from outside is an abort', async () => {
    const tenant = tenantToImpersonate();
    const before = tenant.installation.spec();
    const upgrade = await startAndSay(lab, tenant, 'setImage set-memcache-image', async ({ handle }) => {
      await handle.cancel();
    });
    expect((await upgrade.result()).state).toBe('aborted');
    expect(tenant.installation.spec()).toEqual(before);
  });
});

describe('every compensation', () => {
  it('brings everything back, also what is deleted last: routes, dc/system-resque running, nothing paused', async () => {
    const tenant = tenantToImpersonate();
    const before = tenant.installation.spec();
    tenant.script.fail({ call: 'verifyUpgraded verify-upgraded', type: 'NotVerified', times: Infinity });
    const upgrade = await lab.start({ tenant, path });
    await upgrade.until(isHeld);
    const { installation } = tenant;
    expect(installation.routes.has('system-master-admin')).toBe(false);
    expect(installation.deploymentConfigs.has('system-resque')).toBe(false);
    const { namespace } = (await upgrade.until(isHeld)).tenant;
    await upgrade.handle.executeUpdate(revertUpdate, { args: [{ ...OPERATOR, confirm: namespace }] });
    const progress = await upgrade.result();
    expect(progress.state).toBe('reverted');
    expect(installation.spec().routes).toEqual(before.routes);
    expect(installation.spec().imageStreams).toEqual(before.imageStreams);
    for (const [name, config] of installation.deploymentConfigs) {
      expect(config.paused).toBe(false);
      expect(config.template).toEqual(before.deploymentConfigs[name]?.template);
      expect(config.running).toBe(JSON.stringify(config.template));
    }
    expect(installation.deploymentConfigs.has('system-resque')).toBe(true);
    // What cannot be undone is said.
    expect(progress.leftovers).toEqual([
      expect.stringContaining('Rename the impersonation administrator'),
      expect.stringMatching(/^secret\/threescale-upgrade-backup-\S+ keeps the backup$/),
    ]);
  });
});

// Last of this file: these end while a call is at work, which the time-skipping server counts as at work for ever. Whoever
// waited after them would wait at time's own pace, ten seconds and more a test.
describe('abort before anything is touched', () => {
  it.each(['checkTenant', 'backUpTenant'])(
    'during %s: nothing was touched, nothing is left',
    async (call) => {
      const tenant = tenantToImpersonate();
      const before = tenant.installation.spec();
      const upgrade = await startAndSay(lab, tenant, call, ({ handle }) =>
        handle.signal(abortSignal, OPERATOR),
      );
      const { state } = await upgrade.result();
      expect(state).toBe('aborted');
      expect(tenant.installation.spec()).toEqual(before);
      expect([...tenant.installation.secrets.keys()]).toEqual(['ours']);
    },
  );
});
