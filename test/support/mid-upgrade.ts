import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import type { Handle, Lab, UpgradeOptions } from './lab.ts';
import { settled, until } from './lab.ts';

const OPERATOR = { by: 'test', why: 'to see it' };

/**
 * Starts an upgrade and pauses it when a step is under way; resolves when nothing of it runs any more. What somebody
 * does to the tenant then, happens between two steps.
 */
export async function pausedAfter(
  lab: Lab,
  namespace: string,
  stepId: string,
  options: UpgradeOptions = {},
): Promise<Handle> {
  const { context } = options;
  lab.before({ context, namespace, stepId }, (under) => under.signal('pause', OPERATOR));
  const handle = await lab.start(namespace, options);
  const { paused } = await until(handle, (progress) => progress.paused !== undefined);
  if (!paused) throw new Error(`${stepId} never began`);
  await untilIdle(handle);
  return handle;
}

/** Paused at the first gate, before anything is looked at. */
export async function pausedAtOnce(
  lab: Lab,
  namespace: string,
  options: UpgradeOptions = {},
): Promise<Handle> {
  const handle = await lab.start(namespace, options);
  await handle.signal('pause', OPERATOR);
  return handle;
}

export async function resumed(handle: Handle): Promise<TenantProgress> {
  await handle.signal('resume', OPERATOR);
  return settled(handle);
}

export async function aborted(handle: Handle): Promise<TenantProgress> {
  await handle.signal('abort', OPERATOR);
  return settled(handle);
}

/** Decides about a held tenant, and waits until it has ended, or is held anew. */
export async function decided(
  handle: Handle,
  decision: 'retry' | 'revert' | 'abandon' | 'skip-step',
  message: { readonly step?: string; readonly confirm?: string } = {},
): Promise<TenantProgress> {
  const { held } = await until(handle, ({ state }) => state === 'held');
  await handle.executeUpdate(decision, { args: [{ ...OPERATOR, ...message }] });
  return until(handle, (progress) => progress.held !== undefined && progress.held.since !== held?.since);
}

export async function untilIdle(handle: Handle): Promise<void> {
  for (;;) {
    const { raw } = await handle.describe();
    if ((raw.pendingActivities ?? []).length === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
