import type { Client } from '@temporalio/client';
import { ServiceError } from '@temporalio/client';
import type { Payload } from '@temporalio/common';
import { defaultPayloadConverter } from '@temporalio/common';
import protos from '@temporalio/proto';
import { SEARCH_ATTRIBUTES } from '../domain/tenant/search-attributes.ts';
import type { SearchAttributeValues } from '../domain/tenant/search-attributes.ts';

const { WorkflowExecutionStatus } = protos.temporal.api.enums.v1;
type Info = protos.temporal.api.workflow.v1.IWorkflowExecutionInfo;

/** One run of a workflow, as Temporal shows it to anybody: nothing of it is ever encrypted. */
export interface Execution {
  readonly workflowId: string;
  readonly runId: string;
  /** `RUNNING`, `COMPLETED`, `TERMINATED` and the like. */
  readonly status: string;
  readonly startedAt: string;
  readonly endedAt?: string;
  readonly attributes: SearchAttributeValues;
  /** The id of the workflow that has started it. */
  readonly parent?: string;
}

/** Newest first as Temporal has it, those that run before all others. */
export async function* listExecutions(client: Client, query: string): AsyncGenerator<Execution> {
  const { namespace } = client.options;
  let nextPageToken: Uint8Array | undefined;
  do {
    const page = await client.connection.workflowService.listWorkflowExecutions({
      namespace,
      query,
      ...(nextPageToken ? { nextPageToken } : {}),
    });
    for (const info of page.executions ?? []) yield executionOf(info);
    nextPageToken = page.nextPageToken?.length ? page.nextPageToken : undefined;
  } while (nextPageToken);
}

/** The newest run, or the one that is named; undefined where Temporal has none. */
export async function describeExecution(
  client: Client,
  workflowId: string,
  runId?: string,
): Promise<Execution | undefined> {
  try {
    const { workflowExecutionInfo } = await client.connection.workflowService.describeWorkflowExecution({
      namespace: client.options.namespace,
      execution: { workflowId, ...(runId === undefined ? {} : { runId }) },
    });
    return executionOf(workflowExecutionInfo ?? {});
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** gRPC's NOT_FOUND. */
function isNotFound(error: unknown): boolean {
  const inner = error instanceof ServiceError ? error.cause : error;
  return typeof inner === 'object' && inner !== null && 'code' in inner && inner.code === 5;
}

function executionOf(info: Info): Execution {
  const { execution, status, startTime, closeTime, parentExecution, searchAttributes } = info;
  const name = WorkflowExecutionStatus[status ?? 0]?.replace('WORKFLOW_EXECUTION_STATUS_', '');
  return {
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
    status: name ?? 'UNSPECIFIED',
    startedAt: momentOf(startTime),
    ...(closeTime ? { endedAt: momentOf(closeTime) } : {}),
    attributes: attributesOf(searchAttributes?.indexedFields ?? {}),
    ...(parentExecution?.workflowId ? { parent: parentExecution.workflowId } : {}),
  };
}

/** As in a report; 1970 where there is none. */
export function momentOf(time: protos.google.protobuf.ITimestamp | null | undefined): string {
  const ms = Number(time?.seconds?.toString() ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
  return new Date(ms).toISOString();
}

function attributesOf(fields: Readonly<Record<string, Payload>>): SearchAttributeValues {
  return Object.fromEntries(
    SEARCH_ATTRIBUTES.flatMap((name) => {
      const payload = fields[name];
      if (!payload) return [];
      const value = defaultPayloadConverter.fromPayload<string | readonly string[]>(payload);
      const [one] = typeof value === 'string' ? [value] : value;
      return one === undefined ? [] : [[name, one]];
    }),
  );
}
