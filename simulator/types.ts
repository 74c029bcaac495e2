/**
 * What the parts of the simulator share: the API server writes objects into a store, controllers watch the store and
 * write back, exactly as in a real control plane. Everything is synchronous inside one process; only time is awaited.
 */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface OwnerReference {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
  controller?: boolean;
  blockOwnerDeletion?: boolean;
}

export interface ObjectMeta {
  name: string;
  namespace?: string;
  uid: string;
  resourceVersion: string;
  generation?: number;
  creationTimestamp: string;
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: OwnerReference[];
  generateName?: string;
}

/** Any API object as stored. Controllers narrow `spec` and `status` by their own types. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: ObjectMeta;
  spec?: Record<string, unknown>;
  status?: Record<string, unknown>;
  [key: string]: unknown;
}

/** One resource type: `deploymentconfigs` of `apps.openshift.io/v1`. The core group is `''`. */
export interface ResourceType {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export type WatchEventType = 'ADDED' | 'MODIFIED' | 'DELETED';

export interface StoreEvent {
  readonly type: WatchEventType;
  readonly resource: ResourceType;
  /** The object after the change (for DELETED: its last state, with the deletion's resourceVersion). */
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

/** Who makes a change: a user's name for requests, `system:controller:<name>` for controllers. */
export type Writer = string;

/**
 * The cluster's etcd. Objects handed out are deep-frozen or copies: change them only by `update`. A cluster-wide
 * resourceVersion rises by one a write; an update that changes nothing keeps it and raises no event. `update` raises
 * metadata.generation when the spec changed (as the real API does for kinds that have one).
 */
export interface Store {
  get(resource: ResourceType, namespace: string | undefined, name: string): KubeObject | undefined;
  /** Sorted by namespace and name. */
  list(resource: ResourceType, namespace?: string): KubeObject[];
  /** Fills uid, resourceVersion, creationTimestamp, generation. Throws ApiError 409 when the name is taken. */
  create(resource: ResourceType, object: KubeObject, writer: Writer): KubeObject;
  /** Throws ApiError 404, or 409 where `object.metadata.resourceVersion` is set and stale. */
  update(resource: ResourceType, object: KubeObject, writer: Writer): KubeObject;
  /** Removes it at once, whatever its finalizers; the API's delete semantics are built above this. */
  remove(resource: ResourceType, namespace: string | undefined, name: string, writer: Writer): void;
  /** Called after each committed change, in order. Returns the unsubscribe function. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
  readonly resourceVersion: number;
}

/** Durations of the simulated world, in milliseconds. */
export interface Timing {
  /** From the deployer's start to the new pods being ready, for a rollout without hooks. */
  rolloutMs: number;
  /** Each lifecycle hook. */
  hookMs: number;
  /** An image import. */
  importMs: number;
  /** A pod's graceful termination. */
  terminationMs: number;
}
