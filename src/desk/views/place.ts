import type { WorkflowPlace } from '../contract.ts';
import type { Source } from '../source/source.ts';

/** Where a workflow is in Temporal, and in its own page where that is known. */
export function placeOf(source: Source, workflowId: string, runId: string): WorkflowPlace {
  const { temporalUi, session } = source;
  const [namespace, workflow, run] = [session.target.namespace, workflowId, runId].map(encodeURIComponent);
  const url = `${temporalUi ?? ''}/namespaces/${namespace ?? ''}/workflows/${workflow ?? ''}/${run ?? ''}/history`;
  return { workflowId, runId, ...(temporalUi === undefined || runId === '' ? {} : { url }) };
}
