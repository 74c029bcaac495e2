import type { KubeObject, ObjectMeta } from './types.ts';

/** The typed shapes of what the controllers work on: only the fields they read or write. */

export interface EnvVar {
  name: string;
  value?: string;
  valueFrom?: Record<string, unknown>;
}

export interface Container {
  name: string;
  image?: string;
  command?: string[];
  args?: string[];
  env?: EnvVar[];
  [key: string]: unknown;
}

export interface PodTemplate {
  metadata?: Partial<Pick<ObjectMeta, 'labels' | 'annotations'>>;
  spec: { containers: Container[]; initContainers?: Container[]; [key: string]: unknown };
}

export interface Hook {
  failurePolicy: 'Abort' | 'Retry' | 'Ignore';
  execNewPod?: { command: string[]; containerName: string; env?: EnvVar[] };
}

export interface StrategyParams {
  timeoutSeconds?: number;
  pre?: Hook;
  mid?: Hook;
  post?: Hook;
}

export interface ImageChangeParams {
  automatic?: boolean;
  containerNames?: string[];
  from: { kind: string; name: string; namespace?: string };
  lastTriggeredImage?: string;
}

export type Trigger =
  { type: 'ConfigChange' } | { type: 'ImageChange'; imageChangeParams: ImageChangeParams };

export interface DeploymentConfigSpec {
  replicas: number;
  paused?: boolean;
  selector?: Record<string, string>;
  revisionHistoryLimit?: number;
  triggers?: Trigger[];
  strategy: {
    type: string;
    rollingParams?: StrategyParams;
    recreateParams?: StrategyParams;
    activeDeadlineSeconds?: number;
  };
  template: PodTemplate;
}

export interface Condition {
  type: string;
  status: 'True' | 'False' | 'Unknown';
  lastUpdateTime: string;
  lastTransitionTime: string;
  reason?: string;
  message?: string;
}

export interface Cause {
  type: 'ConfigChange' | 'ImageChange' | 'Manual';
  imageTrigger?: { from: { kind: string; name: string; namespace?: string } };
}

export interface DeploymentConfigStatus {
  latestVersion: number;
  observedGeneration: number;
  replicas: number;
  updatedReplicas: number;
  availableReplicas: number;
  unavailableReplicas: number;
  readyReplicas?: number;
  details?: { message?: string; causes: Cause[] };
  conditions?: Condition[];
}

export interface ReplicationControllerSpec {
  replicas: number;
  selector: Record<string, string>;
  template: PodTemplate;
}

export interface ReplicationControllerStatus {
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  observedGeneration?: number;
}

export interface PodStatus {
  phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  conditions?: {
    type: string;
    status: string;
    reason?: string;
    message?: string;
    lastProbeTime?: null;
    lastTransitionTime: string;
  }[];
  [key: string]: unknown;
}

export interface TagEvent {
  created: string;
  dockerImageReference: string;
  image: string;
  generation: number;
}

export interface TagCondition {
  type: 'ImportSuccess';
  status: 'False';
  lastTransitionTime: string;
  reason: string;
  message: string;
  generation: number;
}

export interface NamedTagEvents {
  tag: string;
  items: TagEvent[] | null;
  conditions?: TagCondition[];
}

export interface SpecTag {
  name: string;
  annotations: Record<string, string> | null;
  from?: { kind: string; name: string; namespace?: string };
  reference?: boolean;
  generation: number;
  importPolicy: Record<string, unknown>;
  referencePolicy: { type: string };
}

type Typed<Spec, Status> = KubeObject & { spec: Spec; status: Status };
export type DeploymentConfig = Typed<DeploymentConfigSpec, DeploymentConfigStatus>;
export type ReplicationController = Typed<ReplicationControllerSpec, ReplicationControllerStatus>;
export type Pod = Typed<PodTemplate['spec'], PodStatus>;
export type ImageStream = Typed<
  { lookupPolicy: { local: boolean }; tags?: SpecTag[] },
  { dockerImageRepository: string; tags?: NamedTagEvents[] }
>;
export type Route = Typed<
  { host: string; to: { kind: string; name: string; weight: number } },
  { ingress?: RouteIngress[] }
>;

export interface RouteIngress {
  host: string;
  routerName: string;
  wildcardPolicy: string;
  conditions: {
    type: 'Admitted';
    status: 'True' | 'False';
    reason?: string;
    message?: string;
    lastTransitionTime: string;
  }[];
}

/**
 * Stored objects have passed decoding, defaulting and validation, so their kind tells their shape: this is the one
 * place that says so to the compiler.
 */
export const asDeploymentConfig = (object: KubeObject): DeploymentConfig => object as DeploymentConfig;
export const asReplicationController = (object: KubeObject): ReplicationController =>
  object as ReplicationController;
export const asPod = (object: KubeObject): Pod => object as Pod;
export const asImageStream = (object: KubeObject): ImageStream => object as ImageStream;
export const asRoute = (object: KubeObject): Route => object as Route;

export function isReady(pod: Pod): boolean {
  return (
    !pod.metadata.deletionTimestamp &&
    (pod.status.conditions ?? []).some(({ type, status }) => type === 'Ready' && status === 'True')
  );
}

export function ownerOf(object: KubeObject): string | undefined {
  return object.metadata.ownerReferences?.find((owner) => owner.controller)?.uid;
}

export const timestamp = (): string => new Date().toISOString().replace(/\.\d+Z$/, 'Z');
/** As Go prints a time into an annotation. */
export const goTimestamp = (): string => `${timestamp().replace('T', ' ').replace('Z', '')} +0000 UTC`;

export const ANNOTATION = {
  phase: 'openshift.io/deployment.phase',
  statusReason: 'openshift.io/deployment.status-reason',
  replicas: 'openshift.io/deployment.replicas',
  cancelled: 'openshift.io/deployment.cancelled',
  version: 'openshift.io/deployment-config.latest-version',
  config: 'openshift.io/deployment-config.name',
  deployment: 'openshift.io/deployment.name',
  encodedConfig: 'openshift.io/encoded-deployment-config',
  deployerPod: 'openshift.io/deployer-pod.name',
  deployerCreated: 'openshift.io/deployer-pod.created-at',
  deployerCompleted: 'openshift.io/deployer-pod.completed-at',
  desiredReplicas: 'kubectl.kubernetes.io/desired-replicas',
  originalReplicas: 'kubectl.kubernetes.io/original-replicas',
  updateSource: 'kubectl.kubernetes.io/update-source-id',
} as const;

export const DEPLOYER_LABEL = 'openshift.io/deployer-pod-for.name';
export const HOOK_LABEL = 'openshift.io/deployer-pod.type';
