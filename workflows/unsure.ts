import { sleep } from '@temporalio/workflow';
import type { Upgrade } from './upgrade.ts';

const LATE_WRITE_SECONDS = 65;

/** Something was sent whose answer nobody has had: its worker is gone, or the connection was. */
export function noteUnsure(upgrade: Upgrade, unsure: boolean): void {
  const { lateWriteSeconds = LATE_WRITE_SECONDS } = upgrade.input.retries;
  if (unsure) upgrade.unsureUntilMs = Date.now() + lateWriteSeconds * 1_000;
}

/** Waits until all that was sent has taken effect, or never will. True where there was anything to wait for. */
export async function untilSure(upgrade: Upgrade): Promise<boolean> {
  const waitMs = upgrade.unsureUntilMs - Date.now();
  if (waitMs > 0) await sleep(waitMs);
  return upgrade.unsureUntilMs > 0;
}
