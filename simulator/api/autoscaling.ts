import { isRecord } from '../schema/decode.ts';
import type { ApiAnswer, ApiRequest } from './types.ts';

const FIRST = 'autoscaling/v1';
const SECOND = 'autoscaling/v2';

/** Autoscalers are stored as autoscaling/v1, and served as autoscaling/v2 as well: kubectl prefers that. */
export const isOfSecondVersion = ({ path }: ApiRequest): boolean => path.startsWith(`/apis/${SECOND}/`);

/** The request as it would be of autoscaling/v1; a body that is no object of v2 goes on as it is. */
export function inFirstVersion(request: ApiRequest): ApiRequest {
  const path = request.path.replace(SECOND, FIRST);
  try {
    const body: unknown = JSON.parse(request.body);
    return { ...request, path, body: JSON.stringify(isRecord(body) ? toFirst(body) : body) };
  } catch {
    return { ...request, path };
  }
}

/** Its answer, as of autoscaling/v2. */
export function inSecondVersion({ body, watch, ...answer }: ApiAnswer): ApiAnswer {
  return {
    ...answer,
    body: isRecord(body) ? toSecond(body) : body,
    ...(watch
      ? {
          watch: (send, end) =>
            watch((event) => {
              send({ ...event, object: isRecord(event.object) ? toSecond(event.object) : event.object });
            }, end),
        }
      : {}),
  };
}

function toFirst({ spec, ...object }: Record<string, unknown>): Record<string, unknown> {
  const versioned = object.apiVersion === SECOND ? { ...object, apiVersion: FIRST } : object;
  if (!isRecord(spec)) return { ...versioned, ...(spec === undefined ? {} : { spec }) };
  const { metrics, ...rest } = spec;
  const [cpu] = (Array.isArray(metrics) ? metrics.filter(isRecord) : []).flatMap(({ resource }) =>
    isRecord(resource) && resource.name === 'cpu' && isRecord(resource.target) ? [resource.target] : [],
  );
  return {
    ...versioned,
    spec: { ...rest, ...(cpu ? { targetCPUUtilizationPercentage: cpu.averageUtilization } : {}) },
  };
}

/** An object, or a list of them; what is of another kind, as a Status, is the same in both. */
function toSecond({ spec, items, ...object }: Record<string, unknown>): Record<string, unknown> {
  const versioned = object.apiVersion === FIRST ? { ...object, apiVersion: SECOND } : object;
  const all = Array.isArray(items)
    ? { items: items.map((one) => (isRecord(one) ? toSecond(one) : one)) }
    : {};
  if (!isRecord(spec)) return { ...versioned, ...all };
  const { targetCPUUtilizationPercentage: averageUtilization, ...rest } = spec;
  const target = { type: 'Utilization', averageUtilization };
  const metrics =
    averageUtilization === undefined ? [] : [{ type: 'Resource', resource: { name: 'cpu', target } }];
  return { ...versioned, ...all, spec: { ...rest, ...(metrics.length === 0 ? {} : { metrics }) } };
}
