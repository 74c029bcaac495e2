import type { KubeObject } from '../types.ts';
import type { ApiAnswer } from './types.ts';

/** Kind and version lead, as the real API writes objects; items of a list carry neither. */
export function present(object: KubeObject): Record<string, unknown> {
  const { kind, apiVersion, ...rest } = object;
  return { kind, apiVersion, ...rest };
}

export function presentItem(object: KubeObject): Record<string, unknown> {
  const { kind: _kind, apiVersion: _apiVersion, ...rest } = object;
  return rest;
}

export function withWarnings(answer: ApiAnswer, warnings: readonly string[]): ApiAnswer {
  if (warnings.length === 0) return answer;
  const warning = warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ');
  return { ...answer, headers: { ...answer.headers, warning } };
}
