import { sleep } from '@temporalio/workflow';
import type { Upgrade } from './upgrade.ts';

/** An API server lets go of a request after a minute (its --request-timeout): until then it may still take effect. */
const MAY_TAKE_EFFECT_MS = 65_000;

/** Something was sent whose answer nobody has had: its worker is gone, or the connection was. */
export function noteUnsure(upgrade: Upgrade, unsure: boolean): void {
  if (unsure) upgrade.unsureUntilMs = Date.now() + MAY_TAKE_EFFECT_MS;
}

/** Waits until all that was sent has taken effect, or never will. True where there was anything to wait for. */
export async function untilSure(upgrade: Upgrade): Promise<boolean> {
  const waitMs = upgrade.unsureUntilMs - Date.now();
  if (waitMs > 0) await sleep(waitMs);
  return upgrade.unsureUntilMs > 0;
}
