/**
 * Records histories of upgrades that took every turn, under test/replay/histories. Run it when the workflow has got a
 * new turn (`node test/replay/record.ts NAME…`); never to make the replay test pass: a recorded history stands for
 * upgrades that run somewhere, and a change that cannot replay it must be behind `patched`.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import {
  approveWaveUpdate,
  pauseFleetSignal,
  resumeFleetSignal,
  retryTenantsUpdate,
  revertTenantsUpdate,
} from '../../workflows/fleet/messages.ts';
import {
  abandonUpdate,
  abortSignal,
  pauseSignal,
  resumeSignal,
  retryUpdate,
} from '../../workflows/tenant/messages.ts';
import { findWindow } from '../../src/domain/windows/find-window.ts';
import { tenantToImpersonate } from '../support/fake-calls.ts';
import type { StartedFleet } from '../support/fleet-lab.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { heals, reverts, slow } from '../support/fleet-trouble.ts';
import { httpReceiver } from '../support/http-receiver.ts';
import { startAndSay } from '../support/start-and-say.ts';
import type { StartedUpgrade } from '../support/upgrade-lab.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';
import { withoutTraces } from './folders.ts';

const FOLDER = fileURLToPath(new URL('./histories', import.meta.url));

const pausedWhileItMightCross = async (lab: UpgradeLab): Promise<StartedUpgrade> => {
  const tenant = tenantToImpersonate();
  tenant.neverCrosses = true;
  tenant.script.fail({ call: 'rollOut roll-out-system-app', type: 'Unreachable', times: 8 });
  const upgrade = await lab.start({ tenant, path });
  await upgrade.until(({ mayBePastPointOfNoReturn }) => mayBePastPointOfNoReturn === true);
  await upgrade.handle.signal(pauseSignal, OPERATOR);
  await lab.env.sleep('1 hour');
  await upgrade.handle.signal(resumeSignal, OPERATOR);
  return ended(upgrade);
};
const abandoned = async (lab: UpgradeLab): Promise<StartedUpgrade> => {
  const tenant = tenantToImpersonate();
  tenant.script.fail({ call: 'setEnv set-amp-release', type: 'EditedByOthers', times: 1 });
  const upgrade = await lab.start({ tenant, path, onFailure: 'hold' });
  await upgrade.until(({ held }) => held !== undefined);
  await upgrade.handle.executeUpdate(abandonUpdate, { args: [OPERATOR] });
  return ended(upgrade);
};

const SCENARIOS: Record<string, (lab: UpgradeLab) => Promise<StartedUpgrade>> = {
  upgraded: async (lab) => ended(await lab.start({ tenant: tenantToImpersonate(), path })),
  'upgraded-with-fewer-events': async (lab) =>
    ended(await lab.start({ tenant: tenantToImpersonate(), path })),
  'reverted-by-policy': async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'rollOut roll-out-zync', type: 'RolloutFailed', times: Infinity });
    return ended(await lab.start({ tenant, path }));
  },
  'held-and-retried': async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'rollOut roll-out-system-app', type: 'RolloutFailed', times: Infinity });
    const upgrade = await lab.start({ tenant, path });
    await upgrade.until(({ held }) => held !== undefined);
    tenant.script.heal('rollOut roll-out-system-app');
    await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
    return ended(upgrade);
  },
  'paused-and-resumed': async (lab) => {
    const upgrade = await startAndSay(
      lab,
      tenantToImpersonate(),
      'setImage set-memcache-image',
      ({ handle }) => handle.signal(pauseSignal, OPERATOR),
    );
    await upgrade.until(
      ({ paused, steps }) => paused !== undefined && !steps.some(({ status }) => status === 'running'),
    );
    await upgrade.handle.signal(resumeSignal, OPERATOR);
    return ended(upgrade);
  },
  aborted: async (lab) =>
    ended(
      await startAndSay(lab, tenantToImpersonate(), 'tagImageStream tag-amp-zync', ({ handle }) =>
        handle.signal(abortSignal, OPERATOR),
      ),
    ),
  'waited-for-its-window': async (lab) => {
    const today = new Date(await lab.env.currentTimeMs());
    const day = (days: number): string =>
      new Date(today.getTime() + days * 86_400_000).toISOString().slice(0, 10);
    const freezes = [{ from: day(-1), to: day(2), zone: 'Europe/Berlin' }];
    return ended(await lab.start({ tenant: tenantToImpersonate(), path, windows: { windows: [], freezes } }));
  },
  'upgraded-with-a-claim': async (lab) => ended(await lab.start({ tenant: tenantToImpersonate(), path })),
  'aborted-held-and-retried': async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'revertRoute create-master-route', type: 'EditedByOthers', times: 1 });
    const upgrade = await startAndSay(lab, tenant, 'tagImageStream tag-amp-zync', ({ handle }) =>
      handle.signal(abortSignal, OPERATOR),
    );
    await upgrade.until(({ held }) => held !== undefined);
    await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
    return ended(upgrade);
  },
  'found-crossed-and-retried': async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.hasCrossed = true;
    tenant.script.fail({ call: 'setEnv set-amp-release', type: 'EditedByOthers', times: 1 });
    const upgrade = await lab.start({ tenant, path });
    await upgrade.until(({ held }) => held !== undefined);
    await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
    return ended(upgrade);
  },
  'not-crossed-and-reverted': async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.neverCrosses = true;
    tenant.script.fail({ call: 'rollOut roll-out-system-app', type: 'Forbidden', times: 1 });
    return ended(await lab.start({ tenant, path }));
  },
  'aborted-while-it-might-cross': async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.neverCrosses = true;
    tenant.script.fail({ call: 'rollOut roll-out-system-app', type: 'Unreachable', times: Infinity });
    const upgrade = await lab.start({ tenant, path });
    await upgrade.until(({ mayBePastPointOfNoReturn }) => mayBePastPointOfNoReturn === true);
    await upgrade.handle.signal(abortSignal, OPERATOR);
    return ended(upgrade);
  },
  // Before a pause stopped it: what was left of leave went on.
  'paused-in-the-leave-to-cross': pausedWhileItMightCross,
  'paused-while-it-might-cross': pausedWhileItMightCross,
  // Before what it runs was looked at.
  'abandoned-unseen': abandoned,
  abandoned,
  'held-and-told': async (lab) => {
    const there = await httpReceiver();
    const tenant = tenantToImpersonate();
    tenant.script.fail({ call: 'setImage set-memcache-image', type: 'Forbidden', times: 1 });
    const notify = [{ name: 'ops', webhook: { url: there.url } }];
    const upgrade = await lab.start({ tenant, path, onFailure: 'hold', notify });
    await upgrade.until(({ told = [] }) => told.length === 1);
    await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
    await upgrade.result();
    await there.close();
    return upgrade;
  },
  blocked: async (lab) => {
    const tenant = tenantToImpersonate();
    tenant.findings.push({ check: 'version-is-2.3', severity: 'fatal', message: 'it is not', hint: 'look' });
    return ended(await lab.start({ tenant, path }));
  },
};

/** Fleets that took many turns; of one that continued as new, the last run. */
const FLEETS: Record<string, (lab: FleetLab) => Promise<StartedFleet>> = {
  'fleet-waves-pause-and-retry': async (lab) => {
    const fleet = await lab.start(
      {
        waves: [{ tenants: ['a', 'b'] }, { tenants: ['c', 'd'], soakMinutes: 60, approval: 'required' }],
        maxConcurrent: 1,
        failureBudget: { failed: { count: 0 } },
        retries: { transientAttempts: 3, outcomeAttempts: 1 },
      },
      {
        prepare: (tenant) => {
          reverts(tenant('a'));
          slow(tenant('c'), 30);
        },
      },
    );
    await fleet.until(({ phase }) => phase === 'halted');
    heals(fleet.tenant('a'));
    await fleet.handle.executeUpdate(retryTenantsUpdate, { args: [{ ...OPERATOR, all: true }] });
    await fleet.until(({ counts }) => counts.upgraded === 1);
    await fleet.handle.signal(resumeFleetSignal, OPERATOR);
    await fleet.until(({ phase }) => phase === 'awaiting-approval', '1 minute');
    await fleet.handle.executeUpdate(approveWaveUpdate, { args: [{ ...OPERATOR, wave: 'wave-2' }] });
    await fleet.until(({ counts }) => counts.running === 1, '1s');
    await fleet.handle.signal(pauseFleetSignal, OPERATOR);
    await fleet.until(({ phase }) => phase === 'paused', '1 minute');
    await fleet.handle.signal(resumeFleetSignal, OPERATOR);
    await fleet.result();
    return fleet;
  },
  'fleet-windows-and-revert': async (lab) => {
    const windows = [{ opens: '0 22 * * *', durationMinutes: 240, zone: 'Europe/Berlin' }];
    const fleet = await lab.start({
      waves: [{ tenants: ['a', 'b'] }, { tenants: ['c'], approval: 'required' }],
      maxConcurrent: 1,
      windows: { windows, freezes: [] },
    });
    await fleet.until(({ phase }) => phase === 'awaiting-approval', '10 minutes');
    const message = { ...OPERATOR, all: true, confirm: fleet.spec.name };
    await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [message] });
    await fleet.result();
    return fleet;
  },
  'fleet-continued': async (lab) => {
    const fleet = await lab.start(
      { waves: [{ tenants: ['a', 'b', 'c', 'd'] }], maxConcurrent: 2 },
      { continueAfter: 30, prepare: (tenant) => slow(tenant('d'), 30) },
    );
    await fleet.result();
    return fleet;
  },
  'fleet-told': async (lab) => {
    const there = await httpReceiver();
    const away = await httpReceiver();
    await away.close();
    const fleet = await lab.start(
      {
        waves: [{ tenants: ['a', 'b'] }, { tenants: ['c'], approval: 'required' }],
        retries: { transientAttempts: 3, outcomeAttempts: 1 },
        failureBudget: { failed: { count: 1 } },
        notify: [
          { name: 'ops', webhook: { url: there.url } },
          { name: 'away', webhook: { url: away.url } },
        ],
      },
      { prepare: (tenant) => reverts(tenant('a')) },
    );
    await fleet.until(({ phase }) => phase === 'awaiting-approval', '1 minute');
    // Whoever could not be told for a day is disabled.
    await lab.env.sleep('2 days');
    await fleet.handle.executeUpdate(approveWaveUpdate, { args: [{ ...OPERATOR, wave: 'wave-2' }] });
    await fleet.result();
    await there.close();
    return fleet;
  },
  'fleet-report-kept': async (lab) => {
    const fleet = await lab.start({ waves: [{ tenants: ['a'] }] });
    await fleet.result();
    return fleet;
  },
};

/** Without the folders of the machine that recorded it. */
function keep(name: string, history: Parameters<typeof historyToJSON>[0]): void {
  writeFileSync(`${FOLDER}/${name}.json`, withoutTraces(historyToJSON(history)));
}

async function ended(upgrade: StartedUpgrade): Promise<StartedUpgrade> {
  await upgrade.result();
  return upgrade;
}

const lab = await UpgradeLab.open(({ policy, neededMs, atMs }) =>
  Promise.resolve(findWindow(policy, neededMs, atMs)),
);
mkdirSync(FOLDER, { recursive: true });
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(SCENARIOS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { handle } = await run(lab);
  keep(name, await handle.fetchHistory());
  process.stdout.write(`${name}\n`);
}
await lab.close();
const fleetLab = await FleetLab.open({ letsGo: true });
for (const [name, run] of Object.entries(FLEETS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const { workflowId } = (await run(fleetLab)).handle;
  const newest = fleetLab.env.client.workflow.getHandle(workflowId);
  keep(name, await newest.fetchHistory());
  process.stdout.write(`${name}\n`);
}
await fleetLab.close();
