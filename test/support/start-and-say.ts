import type { FakeTenant } from './fake-tenant.ts';
import type { StartedUpgrade, UpgradeLab } from './upgrade-lab.ts';
import { PATH_WITH_IMPERSONATION as path } from './upgrade-input.ts';

/** Starts an upgrade to which something is said while this call is at work. */
export async function startAndSay(
  lab: UpgradeLab,
  tenant: FakeTenant,
  call: string,
  say: (upgrade: StartedUpgrade) => Promise<void>,
): Promise<StartedUpgrade> {
  const started = Promise.withResolvers<StartedUpgrade>();
  tenant.script.during(call, async () => say(await started.promise));
  const upgrade = await lab.start({ tenant, path });
  started.resolve(upgrade);
  return upgrade;
}
