import { patched, sleep } from '@temporalio/workflow';
import { LOST_THOUGH_DONE } from '../patches.ts';
import type { Upgrade } from './upgrade.ts';

const LATE_WRITE_SECONDS = 65;

/** Something was sent whose answer nobody has had: its worker is gone, or the connection was. */
export function noteUnsure(upgrade: Upgrade, unsure: boolean): void {
  if (!unsure) return;
  waitLonger(upgrade);
  upgrade.mayChangeLate = true;
}

/** The same of what is tried again after a hold. */
export function noteUnsureAgain(upgrade: Upgrade, unsure: boolean): void {
  noteUnsure(upgrade, unsure && patched(LOST_THOUGH_DONE));
}

/**
 * Of what was done in the end: a creation that was sent on the way may still take effect, once the name is free; and a
 * deletion by a name, once that is taken anew.
 */
export function noteLost(upgrade: Upgrade, { unsure = false }: { readonly unsure?: boolean }): void {
  if (unsure && patched(LOST_THOUGH_DONE)) waitLonger(upgrade);
}

function waitLonger(upgrade: Upgrade): void {
  const { lateWriteSeconds = LATE_WRITE_SECONDS } = upgrade.input.retries;
  upgrade.unsureUntilMs = Date.now() + lateWriteSeconds * 1_000;
}

/** Waits until all that was sent has taken effect, or never will. True where there was anything to wait for. */
export async function untilSure(upgrade: Upgrade): Promise<boolean> {
  const waitMs = upgrade.unsureUntilMs - Date.now();
  if (waitMs > 0) await sleep(waitMs);
  return upgrade.unsureUntilMs > 0;
}
