import { FakeTenant } from '../support/fake-tenant.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { PATH, PATH_WITH_IMPERSONATION } from '../support/upgrade-input.ts';

let lab: UpgradeLab;

beforeAll(async () => {
  lab = await UpgradeLab.open();
});

afterAll(() => lab.close());

describe('an upgrade in which nothing goes wrong', () => {
  it('ends upgraded, with one rollout per DeploymentConfig and a small history', async () => {
    const upgrade = await lab.start();
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    expect(progress.steps.filter(({ status }) => status !== 'done').map(({ id }) => id)).toEqual([
      'verify-staged',
      'verify-upgraded',
    ]);
    const { installation } = upgrade.tenant;
    const configs = [...installation.deploymentConfigs.values()];
    expect(configs.every(({ rollouts, paused }) => rollouts === 1 && !paused)).toBe(true);
    expect(new Set(installation.writes).size).toBe(installation.writes.length);
    expect(progress.leftovers).toEqual([]);
    expect(installation.secrets.has(progress.backupSecret ?? '')).toBe(true);

    const { events } = await upgrade.handle.fetchHistory();
    process.stdout.write(`events of an upgrade that succeeds: ${events?.length}\n`);
    expect(events?.length).toBeLessThan(200);
  });

  it('takes its claim off where it verifies the upgrade, without an activity of its own', async () => {
    const upgrade = await lab.start();
    expect((await upgrade.result()).state).toBe('upgraded');
    expect(upgrade.tenant.script.done.filter((call) => call.startsWith('endUpgrade'))).toEqual([]);
  });

  it('takes its claim off at its end where a worker of an earlier release has verified it', async () => {
    const tenant = new FakeTenant();
    tenant.isOfEarlierRelease = true;
    const upgrade = await lab.start({ tenant });
    expect((await upgrade.result()).state).toBe('upgraded');
    expect(tenant.script.done.filter((call) => call.startsWith('endUpgrade'))).toHaveLength(1);
  });

  it('names every activity by what the procedure does', async () => {
    const upgrade = await lab.start();
    await upgrade.result();
    const { events } = await upgrade.handle.fetchHistory();
    const scheduled = (events ?? []).filter((event) => event.activityTaskScheduledEventAttributes);
    const summaries = scheduled.map((event) =>
      JSON.parse(Buffer.from(event.userMetadata?.summary?.data ?? '').toString()),
    );
    expect(summaries).toEqual(expect.arrayContaining(PATH.steps.map(({ title }) => title)));
    expect(summaries).not.toContain('');
  });

  it('crosses the point of no return after all that system-app needs, and before all that needs it', async () => {
    const upgrade = await lab.start();
    const progress = await upgrade.result();
    const rolled = upgrade.tenant.script.done.filter((call) => call.startsWith('rollOut'));
    const app = rolled.indexOf('rollOut roll-out-system-app');
    expect(rolled.slice(0, app).sort()).toEqual(
      ['backend-cron', 'backend-listener', 'backend-worker', 'system-memcache', 'zync'].map(
        (name) => `rollOut roll-out-${name}`,
      ),
    );
    expect(progress.journal.map(({ event }) => event)).toEqual(['started', 'point-of-no-return', 'ended']);
    expect(progress.pastPointOfNoReturn).toBe(true);
  });

  it('runs the impersonation command once where the path has it', async () => {
    const tenant = new FakeTenant();
    tenant.installation.secrets.set('ours', 'username and domain');
    const upgrade = await lab.start({ tenant, path: PATH_WITH_IMPERSONATION });
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    expect(tenant.commandsRun).toBe(1);
  });
});

describe('a tenant that is not as a 2.3 installation is', () => {
  it('is blocked with all findings, and nothing is touched', async () => {
    const tenant = new FakeTenant();
    for (const check of ['version-is-2.3', 'nothing-is-paused'] as const) {
      tenant.findings.push({ check, severity: 'fatal', message: `${check} does not hold`, hint: 'look' });
    }
    const upgrade = await lab.start({ tenant });
    const progress = await upgrade.result();
    expect(progress.state).toBe('blocked');
    expect(progress.findings.map(({ check }) => check)).toEqual([
      'version-is-2.3',
      'nothing-is-paused',
    ] as const);
    expect(tenant.installation.writes).toEqual([]);
  });

  it('goes on with a warning, and shows it', async () => {
    const tenant = new FakeTenant();
    tenant.findings.push({ check: 'old-names', severity: 'warning', message: 'born as 2.2', hint: 'none' });
    const upgrade = await lab.start({ tenant });
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    expect(progress.findings).toHaveLength(1);
  });

  it('that is upgraded already is only verified: nothing is written, not even a backup', async () => {
    const first = await lab.start();
    await first.result();
    first.tenant.installation.writes.length = 0;
    const again = await lab.start({ tenant: first.tenant });
    const progress = await again.result();
    expect(progress.state).toBe('upgraded');
    expect(new Set(progress.steps.map(({ status }) => status))).toEqual(new Set(['unchanged']));
    expect(first.tenant.installation.writes).toEqual([]);
    expect(progress.backupSecret).toBeUndefined();
  });

  it('that somebody left half upgraded is finished: only what is missing is written', async () => {
    const tenant = new FakeTenant();
    tenant.installation.tag('amp-zync', '2.4.0', 'registry.access.redhat.com/3scale-amp24/zync');
    tenant.installation.routes.delete('system-master-admin');
    tenant.installation.writes.length = 0;
    const upgrade = await lab.start({ tenant });
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    const unchanged = progress.steps.filter(({ status }) => status === 'unchanged').map(({ id }) => id);
    expect(unchanged).toEqual(expect.arrayContaining(['tag-amp-zync', 'delete-old-master-route']));
    expect(tenant.installation.writes).not.toContain('tag amp-zync');
    expect(tenant.installation.deploymentConfig('zync').rollouts).toBe(1);
  });

  it('that lacks an optional DeploymentConfig is upgraded without it', async () => {
    const tenant = new FakeTenant();
    tenant.installation.deploymentConfigs.delete('system-memcache');
    tenant.installation.deploymentConfigs.delete('system-resque');
    const upgrade = await lab.start({ tenant });
    const progress = await upgrade.result();
    expect(progress.state).toBe('upgraded');
    expect(progress.steps.filter(({ status }) => status === 'absent').map(({ id }) => id)).toEqual([
      'set-memcache-image',
      'roll-out-system-memcache',
      'delete-resque',
    ]);
  });
});
