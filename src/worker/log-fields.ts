import { ApplicationFailure, defaultPayloadConverter } from '@temporalio/common';
import type { ActivityInterceptorsFactory, LogMetadata } from '@temporalio/worker';
import { stepInInput } from '../domain/tenant/step-in-input.ts';
import { FLEET_HEADER, fleetNameOf, tenantOfWorkflow } from '../domain/tenant/workflow-id.ts';

/** What is said of an activity says of which step and fleet. */
export const sayingItsStep: ActivityInterceptorsFactory = () => {
  let known: Readonly<Record<string, string>> = {};
  return {
    inbound: {
      execute(input, next) {
        const step = stepInInput(input.args);
        const named = input.headers[FLEET_HEADER];
        const fleet = named && defaultPayloadConverter.fromPayload<string>(named);
        known = { ...(step === undefined ? {} : { step }), ...(fleet === undefined ? {} : { fleet }) };
        return next(input);
      },
    },
    outbound: { getLogAttributes: (attributes, next) => next({ ...attributes, ...known }) },
  };
};

/** Those of the SDK's fields that say what an entry is about, by our names; of a failure its kind and its words. */
export function fieldsOf(meta: LogMetadata = {}): Readonly<Record<string, unknown>> {
  const { workflowId, runId, workflowRunId, activityType, attempt, step, fleet, error } = meta;
  const id = typeof workflowId === 'string' ? workflowId : '';
  const tenant = tenantOfWorkflow(id);
  const fields = {
    fleet: fleet ?? fleetNameOf(id),
    tenant: tenant && `${tenant.cluster}/${tenant.namespace}`,
    step,
    activity: activityType,
    attempt,
    run: runId ?? workflowRunId,
    ...failureFields(error),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A failure that somebody will be told of, and decides about, has no stack. */
function failureFields(error: unknown): Readonly<Record<string, unknown>> {
  if (error instanceof ApplicationFailure && error.type && error.type !== 'Bug')
    return { failure: error.type, why: error.message };
  if (!(error instanceof Error)) return {};
  return { failure: error.name, why: error.message, stack: error.stack };
}
