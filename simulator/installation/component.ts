import type { Parameters } from './parameters.ts';
import type { Images } from './images.ts';
import type { Doc, Environment } from './pieces.ts';

/** What the descriptions of components are made from. */
export interface Context {
  readonly parameters: Parameters;
  readonly images: Images;
  /** Where system finds its two domains; literals, unless an installation keeps them elsewhere. */
  readonly domains: Environment;
}

/** One DeploymentConfig, without what all have in common. */
export interface Component {
  readonly name: string;
  /** Values of the labels `3scale.component` and `3scale.component-element`. */
  readonly part: readonly [component: string, element?: string];
  /** A Rolling strategy with this timeout; `recreate` stops the old pod first; `default` says nothing. */
  readonly strategy: { readonly rollingSeconds: number } | 'recreate' | 'default';
  readonly hooks?: Readonly<Record<'pre' | 'post', Doc>>;
  /** `stream:tag` that its containers run; without one they name their images themselves. */
  readonly image?: string;
  /** The image trigger's containers, where they are not all containers in order. */
  readonly rolls?: readonly string[];
  readonly imageTriggerFirst?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
  /** An init container that waits for others. */
  readonly waits?: { readonly name: string; readonly command: readonly string[] };
  readonly containers: readonly Doc[];
  readonly volumes?: readonly Doc[];
}
