import type { SpanContext } from '@opentelemetry/api';
import { propagation, ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { IResource } from '@opentelemetry/resources';
import type { SpanProcessor } from '@opentelemetry/sdk-trace-base';
import { defaultPayloadConverter } from '@temporalio/common';
import { OpenTelemetryActivityInboundInterceptor } from '@temporalio/interceptors-opentelemetry';
import type { ActivityExecuteInput, ActivityInterceptorsFactory } from '@temporalio/worker';
import { stepInInput } from '../domain/tenant/step-in-input.ts';

/** As workflows/interceptors.ts calls it. */
const HEADER = '_tracer-data';

interface Output {
  readonly processor: Pick<SpanProcessor, 'onEnd'>;
  readonly resource: IResource;
}

/** A span for each attempt of an activity, in the trace of its workflow. */
export function activitySpans(output: Output): ActivityInterceptorsFactory {
  return (activity) => {
    const { info } = activity;
    const traced = new OpenTelemetryActivityInboundInterceptor(activity);
    return {
      inbound: {
        execute(input, next) {
          if (info.attempt === 1) tellBegun(input, info, output);
          return traced.execute(input, (inner) => {
            const step = stepInInput(input.args);
            trace.getActiveSpan()?.setAttributes({
              'threescale.attempt': info.attempt,
              ...(step === undefined ? {} : { 'threescale.step': step }),
            });
            return next(inner);
          });
        },
      },
    };
  };
}

/** What a tenant of a fleet has its trace begin with: workflows themselves send no spans. */
function tellBegun(
  { headers }: ActivityExecuteInput,
  {
    scheduledTimestampMs,
    workflowExecution,
  }: {
    readonly scheduledTimestampMs: number;
    readonly workflowExecution?: { readonly workflowId: string; readonly runId: string };
  },
  { processor, resource }: Output,
): void {
  const payload = headers[HEADER];
  const carried =
    payload && defaultPayloadConverter.fromPayload<{ traceparent?: string; began?: string }>(payload);
  const began = spanContextOf(carried?.began);
  const own = spanContextOf(carried?.traceparent);
  if (!began || !own || !workflowExecution) return;
  const at: [number, number] = [
    Math.floor(scheduledTimestampMs / 1_000),
    (scheduledTimestampMs % 1_000) * 1_000_000,
  ];
  processor.onEnd({
    name: 'BeginTenant',
    kind: SpanKind.INTERNAL,
    spanContext: () => own,
    startTime: at,
    endTime: at,
    duration: [0, 0],
    ended: true,
    status: { code: SpanStatusCode.OK },
    attributes: { temporalWorkflowId: workflowExecution.workflowId, run_id: workflowExecution.runId },
    links: [{ context: began }],
    events: [],
    resource,
    instrumentationLibrary: { name: 'threescale-upgrade' },
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  });
}

function spanContextOf(traceparent: string | undefined): SpanContext | undefined {
  if (traceparent === undefined) return undefined;
  const found = trace.getSpanContext(propagation.extract(ROOT_CONTEXT, { traceparent }));
  // What is extracted is another process' own.
  return found && { ...found, isRemote: false };
}
