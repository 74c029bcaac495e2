/** The fields of OpenShift's objects that an upgrade reads or writes; what else they hold is kept as it is. */

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly creationTimestamp?: string;
  readonly deletionTimestamp?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ownerReferences?: readonly {
    readonly kind: string;
    readonly name: string;
    readonly uid: string;
  }[];
}

interface Stored {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta;
}

export interface KeyRef {
  readonly name?: string;
  readonly key?: string;
  /** Where it is not there, the variable is not set. */
  readonly optional?: boolean;
}

export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly secretKeyRef?: KeyRef;
    readonly configMapKeyRef?: KeyRef;
    readonly [other: string]: unknown;
  };
}

/** All keys of a ConfigMap or Secret as variables. */
export interface EnvFrom {
  readonly prefix?: string;
  readonly configMapRef?: Omit<KeyRef, 'key'>;
  readonly secretRef?: Omit<KeyRef, 'key'>;
}

export interface Container {
  readonly name: string;
  readonly image?: string;
  readonly env?: readonly EnvVar[];
  readonly envFrom?: readonly EnvFrom[];
}

export interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** Where a container stands: one of them. */
export interface ContainerState {
  readonly waiting?: { readonly reason?: string; readonly message?: string };
  readonly running?: { readonly startedAt?: string };
  readonly terminated?: {
    readonly exitCode?: number;
    readonly signal?: number;
    readonly reason?: string;
    readonly message?: string;
  };
}

export interface ContainerStatus {
  readonly name: string;
  readonly state?: ContainerState;
  /** How its process before this one ended. */
  readonly lastState?: ContainerState;
  readonly ready?: boolean;
  readonly restartCount?: number;
}

export interface PodTemplate {
  readonly metadata?: Pick<ObjectMeta, 'labels' | 'annotations'>;
  readonly spec: PodSpec;
}

export interface Hook {
  readonly failurePolicy?: string;
  readonly execNewPod?: { readonly containerName: string; readonly env?: readonly EnvVar[] };
}

export interface DeploymentTrigger {
  readonly type: string;
  readonly imageChangeParams?: {
    readonly automatic?: boolean;
    readonly containerNames?: readonly string[];
    readonly from: { readonly kind: string; readonly name: string; readonly namespace?: string };
    readonly lastTriggeredImage?: string;
  };
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface DeploymentConfig extends Stored {
  readonly spec: {
    readonly paused?: boolean;
    readonly replicas: number;
    readonly strategy?: {
      readonly type?: string;
      readonly rollingParams?: {
        readonly pre?: Hook;
        readonly post?: Hook;
        readonly timeoutSeconds?: number;
      };
      readonly recreateParams?: {
        readonly pre?: Hook;
        readonly mid?: Hook;
        readonly post?: Hook;
        readonly timeoutSeconds?: number;
      };
    };
    readonly template: PodTemplate;
    readonly triggers?: readonly DeploymentTrigger[];
  };
  readonly status?: {
    readonly latestVersion?: number;
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly conditions?: readonly Condition[];
    readonly details?: { readonly message?: string };
  };
}

export interface ReplicationController extends Stored {
  readonly spec: { readonly replicas?: number; readonly template?: PodTemplate };
  readonly status?: { readonly replicas?: number; readonly readyReplicas?: number };
}

export interface SpecTag {
  readonly name: string;
  readonly annotations?: Readonly<Record<string, string>> | null;
  readonly from?: { readonly kind: string; readonly name: string; readonly namespace?: string };
  readonly importPolicy?: Readonly<Record<string, unknown>>;
  readonly referencePolicy?: { readonly type: string };
  readonly generation?: number;
}

/** An image that a tag has, or had. */
export interface TagEvent {
  /** Its digest. */
  readonly image: string;
  readonly dockerImageReference: string;
  readonly generation?: number;
}

export interface StatusTag {
  readonly tag: string;
  readonly items?: readonly TagEvent[] | null;
  readonly conditions?: readonly (Condition & { readonly generation?: number })[];
}

export interface ImageStream extends Stored {
  readonly spec: { readonly tags?: readonly SpecTag[]; readonly lookupPolicy?: { readonly local?: boolean } };
  readonly status?: {
    readonly tags?: readonly StatusTag[];
    /** Under which the cluster's own registry has it: within the cluster, and from outside. */
    readonly dockerImageRepository?: string;
    readonly publicDockerImageRepository?: string;
  };
}

/** A request to a registry, and its answer: never stored. */
export interface ImageStreamImport extends Stored {
  readonly spec: {
    readonly import: boolean;
    readonly images: readonly (Pick<SpecTag, 'from' | 'importPolicy' | 'referencePolicy'> & {
      readonly to: { readonly name: string };
    })[];
  };
  readonly status?: {
    /** The stream as it is afterwards. */
    readonly import?: ImageStream;
    readonly images?: readonly {
      readonly status?: { readonly status?: string; readonly reason?: string; readonly message?: string };
    }[];
  };
}

export interface Route extends Stored {
  readonly spec: {
    readonly host?: string;
    readonly to: { readonly kind: string; readonly name: string; readonly weight?: number };
    readonly alternateBackends?: readonly unknown[];
    readonly path?: string;
    readonly port?: { readonly targetPort: string | number };
    readonly tls?: Readonly<Record<string, string>>;
    readonly wildcardPolicy?: string;
  };
  readonly status?: {
    readonly ingress?: readonly {
      readonly host?: string;
      readonly routerName?: string;
      readonly conditions?: readonly Condition[];
    }[];
  };
}

export interface Pod extends Stored {
  readonly spec: PodSpec;
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly message?: string;
    readonly conditions?: readonly Condition[];
    readonly containerStatuses?: readonly ContainerStatus[];
    readonly initContainerStatuses?: readonly ContainerStatus[];
  };
}

/** What a part of the cluster says of an object. */
export interface Event extends Stored {
  readonly involvedObject: { readonly kind?: string; readonly name?: string; readonly fieldPath?: string };
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly firstTimestamp?: string | null;
  readonly lastTimestamp?: string | null;
  /** Instead of the others, of who speaks the newer API. */
  readonly eventTime?: string | null;
}

export interface Secret extends Stored {
  readonly type?: string;
  /** base64 */
  readonly data?: Readonly<Record<string, string>>;
}

export interface ConfigMap extends Stored {
  readonly data?: Readonly<Record<string, string>>;
}

/** A Deployment, a StatefulSet and the like: only what says whether it follows an image. */
export interface Workload extends Stored {
  readonly spec?: { readonly paused?: boolean; readonly template?: PodTemplate };
}

export interface CronJob extends Stored {
  readonly spec?: {
    readonly suspend?: boolean;
    readonly jobTemplate?: { readonly spec?: { readonly template?: PodTemplate } };
  };
}

/** What keeps the number of somebody's replicas. */
export interface Autoscaler extends Stored {
  readonly spec: { readonly scaleTargetRef: { readonly kind: string; readonly name: string } };
}

interface ImageReference {
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
}

export interface BuildConfig extends Stored {
  readonly spec: {
    readonly triggers?: readonly {
      readonly imageChange?: { readonly from?: ImageReference; readonly paused?: boolean };
    }[];
    /** `sourceStrategy`, `dockerStrategy` and the like, one of them. */
    readonly strategy?: Readonly<Record<string, { readonly from?: ImageReference } | undefined>>;
  };
}

/** What the client knows how to reach, by the plural that the API uses; and its version, where that is not v1. */
export interface Kinds {
  readonly deploymentconfigs: DeploymentConfig;
  readonly replicationcontrollers: ReplicationController;
  readonly imagestreams: ImageStream;
  readonly imagestreamtags: Stored;
  readonly imagestreamimports: ImageStreamImport;
  readonly routes: Route;
  readonly pods: Pod;
  readonly events: Event;
  readonly secrets: Secret;
  readonly configmaps: ConfigMap;
  readonly deployments: Workload;
  readonly statefulsets: Workload;
  readonly daemonsets: Workload;
  readonly cronjobs: CronJob;
  readonly 'cronjobs.v1beta1': CronJob;
  readonly buildconfigs: BuildConfig;
  readonly horizontalpodautoscalers: Autoscaler;
}

export type Resource = keyof Kinds;
