import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import type { WorkflowInterceptorsFactory } from '@temporalio/workflow';
import { workflowInfo } from '@temporalio/workflow';
import { FLEET_HEADER, fleetNameOf } from '../src/domain/tenant/workflow-id.ts';

/** As @temporalio/interceptors-opentelemetry calls it, on both sides of the workflow. */
const HEADER = '_tracer-data';

type Headers = Readonly<Record<string, Payload>>;

/** What such a header holds; `began`: the trace of the fleet that has begun the one that this is of. */
interface Carried {
  readonly traceparent?: string;
  readonly began?: string;
}

/**
 * Hands the trace that a workflow was started in on to its activities, with the name of its fleet, and does nothing else: no command is made, left out or
 * delayed, so that a history is replayed alike with traces and without (docs/adr/0018-traces-beside-workflows.md).
 */
export const interceptors: WorkflowInterceptorsFactory = () => {
  let carried: Carried | undefined;
  const handedOn = (headers: Headers, more: Carried = {}): Record<string, Payload> =>
    carried === undefined
      ? headers
      : { ...headers, [HEADER]: defaultPayloadConverter.toPayload({ ...carried, ...more }) };
  let began: string | undefined;
  const ofFleet = fleetHeader();
  return {
    inbound: [
      {
        execute(input, next) {
          const given = readHeader(input.headers);
          carried = given && traceOfThis(given);
          began = carried === given ? undefined : given?.traceparent;
          return next(input);
        },
      },
    ],
    outbound: [
      {
        scheduleActivity(input, next) {
          const more = began === undefined ? {} : { began };
          began = undefined;
          return next({ ...input, headers: { ...handedOn(input.headers, more), ...ofFleet } });
        },
        startChildWorkflowExecution: (input, next) => next({ ...input, headers: handedOn(input.headers) }),
        continueAsNew: (input, next) => next({ ...input, headers: handedOn(input.headers) }),
      },
    ],
  };
};

/** The fleet that has begun this workflow, if one has. */
function fleetHeader(): Record<string, Payload> {
  const fleet = fleetNameOf(workflowInfo().parent?.workflowId ?? '');
  return fleet === undefined ? {} : { [FLEET_HEADER]: defaultPayloadConverter.toPayload(fleet) };
}

function readHeader({ [HEADER]: payload }: Headers): Carried | undefined {
  return payload && defaultPayloadConverter.fromPayload<Carried>(payload);
}

/** A tenant of a fleet has a trace of its own, named by its run: ten thousand of them in one, nothing could show. */
function traceOfThis(given: Carried): Carried {
  const { parent, firstExecutionRunId } = workflowInfo();
  if (!parent) return given;
  const id = firstExecutionRunId.replaceAll('-', '');
  const flags = given.traceparent?.split('-')[3] ?? '01';
  return { traceparent: `00-${id}-${id.slice(16)}-${flags}` };
}
