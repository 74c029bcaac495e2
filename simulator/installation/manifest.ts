import type { Parameters } from './parameters.ts';
import type { Doc } from './pieces.ts';

/** An object as somebody would create it: no uid, no status. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [key: string]: unknown;
}

export function manifest(
  apiVersion: string,
  kind: string,
  name: string,
  labels: Readonly<Record<string, string>>,
  rest: Doc,
): Manifest {
  return { apiVersion, kind, metadata: { name, labels }, ...rest };
}

export function labelsOf(
  { appLabel }: Pick<Parameters, 'appLabel'>,
  [component, element]: readonly [component: string, element?: string],
): Record<string, string> {
  return {
    app: appLabel,
    '3scale.component': component,
    ...(element ? { '3scale.component-element': element } : {}),
  };
}
