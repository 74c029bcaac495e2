import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import type { FleetUpgradeInput } from '../../domain/fleet/fleet-upgrade.ts';
import type { AfterEnd } from '../../domain/fleet/tenant/after-end.ts';
import { needsOf, NEEDS_MEMO } from '../../domain/notify/receivers.ts';
import { markdownText } from '../../domain/text/markdown-text.ts';
import { fleetWorkflowId } from '../../domain/fleet/spec/spec.ts';
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { describeVersions } from '../../domain/fleet/spec/versions.ts';
import type { FleetState } from '../../domain/fleet/tenant/entry.ts';
import type { FleetResult } from '../../domain/fleet/fleet-upgrade.ts';
import { TASK_QUEUE } from '../../domain/tenant/task-queue.ts';
import type { Actor } from '../../domain/tenant/tenant.ts';
import { ensureSearchAttributes, onceAttributesAreRead } from '../../temporal/search-attributes.ts';
import type { fleetUpgrade } from '../../../workflows/fleet/fleet-upgrade.ts';
import { pairsOf } from '../../../workflows/search-attributes.ts';
import { PLAN_FILE, planFileOf } from '../begin.ts';
import { CliError } from '../cli-error.ts';
import { EXIT } from '../exit-codes.ts';
import type { Said } from './say.ts';
import { saidAbout } from './say.ts';
import type { FoundFleet } from './fleets.ts';
import { fleetResult } from './fleets.ts';
import type { Session } from '../session.ts';

/** Starts a run of a fleet, new or with the memory of one that has ended. False: one runs already. */
export async function startFleet(
  { client, io }: Session,
  {
    spec,
    startedBy,
    state,
    planHash,
  }: {
    readonly spec: FleetSpec;
    readonly startedBy: Actor;
    readonly state?: FleetState;
    /** Of the plan file that it is started by. */
    readonly planHash?: string | undefined;
  },
): Promise<boolean> {
  const visible = await ensureSearchAttributes(client, (line) => {
    io.err(line);
  });
  const input: FleetUpgradeInput = {
    spec,
    startedBy,
    visible,
    ...(visible ? { namesClusters: true } : {}),
    ...(state ? { state } : {}),
  };
  try {
    await onceAttributesAreRead(() =>
      client.workflow.start<typeof fleetUpgrade>('fleetUpgrade', {
        workflowId: fleetWorkflowId(spec.name),
        taskQueue: TASK_QUEUE,
        args: [input],
        staticSummary: `3scale ${describeVersions(spec.paths)}: fleet ${spec.name}, ${spec.tenants.length} tenants`,
        memo: {
          ...(planHash === undefined ? {} : { [PLAN_FILE]: planHash }),
          ...(spec.notify ? { [NEEDS_MEMO]: needsOf(spec.notify) } : {}),
        },
        staticDetails: markdownText(
          `started by ${startedBy.by}: ${startedBy.why}${planHash === undefined ? '' : `, by plan ${planHash}`}`,
        ),
        ...(visible ? { typedSearchAttributes: pairsOf({ ThreescaleFleet: spec.name }) } : {}),
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

/** Lets a fleet that has ended go on with some of its tenants, in a new run with its memory. */
export async function goOnAfterEnd(
  session: Session,
  fleet: FoundFleet,
  {
    who,
    did,
    decide,
  }: {
    readonly who: Actor;
    readonly did: string;
    readonly decide: (result: FleetResult) => AfterEnd;
  },
): Promise<Said> {
  const result = await fleetResult(session, fleet);
  const decided = decide(result);
  if ('refusal' in decided) throw new CliError(decided.refusal, { exitCode: EXIT.refused });
  const said = saidAbout(fleet.name, did, decided.answer);
  if (decided.answer.done.length === 0) return said;
  const isStarted = await startFleet(session, {
    ...{ spec: result.spec, startedBy: who, state: decided.state },
    planHash: planFileOf(fleet),
  });
  if (isStarted) return { ...said, text: `${said.text}\nIt had ended, and goes on with these in a new run.` };
  throw new CliError(`the fleet ${fleet.name} was started by somebody else meanwhile`, {
    hint: 'Type the same command again: it is said to the one that runs.',
    exitCode: EXIT.refused,
  });
}
