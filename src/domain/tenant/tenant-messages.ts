import type { Facts, Message } from '../notify/message.ts';
import type { Trigger } from '../notify/triggers.ts';
import { renderDuration } from '../text/duration.ts';
import { cutAtWord } from '../text/cut-at-word.ts';
import { plainText } from '../text/plain-text.ts';
import { command } from './decisions.ts';
import type { FinalState, TenantProgress } from './progress.ts';
import { tenantName } from './tenant.ts';

const LONGEST_REASON = 400;

/** Where a message belongs: the first run of the upgrade, and now. */
export interface Stamp {
  readonly runId: string;
  readonly nowMs: number;
}

/** That it is held, and by what. */
export function heldMessage(progress: TenantProgress, stamp: Stamp): Message {
  const { tenant, held, pastPointOfNoReturn } = progress;
  const failure = held ? `${held.stepId}: ${held.failure.type}: ${held.failure.message}` : '';
  const crossed = pastPointOfNoReturn ? ' (past the point of no return)' : '';
  return messageOf(progress, stamp, {
    trigger: 'on-held',
    facts: {
      reason: cutAtWord(plainText(failure + crossed), LONGEST_REASON),
      command: command(tenant, 'status'),
    },
  });
}

/** As what it has ended. */
export function endedMessage(progress: TenantProgress, state: FinalState, stamp: Stamp): Message {
  const { tenant, startedAt, revertedFor } = progress;
  const reason = revertedFor ? `: ${revertedFor.type}: ${revertedFor.message}` : '';
  return messageOf(progress, stamp, {
    trigger: 'on-ended',
    facts: {
      event: cutAtWord(plainText(`has ended: ${state}${reason}`), LONGEST_REASON),
      took: renderDuration(stamp.nowMs - Date.parse(startedAt)),
      command: command(tenant, 'report'),
    },
  });
}

function messageOf(
  { tenant, from, to, journal }: TenantProgress,
  { runId, nowMs }: Stamp,
  { trigger, facts }: { readonly trigger: Trigger; readonly facts: Facts },
): Message {
  const name = plainText(tenantName(tenant));
  const { by = '', why = '' } = journal[0]?.actor ?? {};
  return {
    id: `${runId}_${trigger}_${nowMs.toString(36)}`,
    occasion: trigger,
    scope: 'tenant',
    of: name,
    at: new Date(nowMs).toISOString(),
    facts: { subject: `Tenant ${name}`, tenant: name, path: `3scale ${from} → ${to}`, by, why, ...facts },
  };
}
