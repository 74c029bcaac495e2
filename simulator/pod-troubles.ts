/** What becomes of the pods of a rollout that fails, or of a hook's. */
export interface PodFault {
  readonly kind: 'image-pull' | 'crash-loop' | 'oom-killed' | 'never-ready' | 'unschedulable';
  /** Of a process that ends; default 1. */
  readonly exitCode?: number;
  /** What it prints before. */
  readonly log?: readonly string[];
  /** What it writes to its termination log. */
  readonly terminationMessage?: string;
  /** What its readiness probe is answered. */
  readonly probeAnswer?: string;
}

/** What a container has printed: its process of now, and the one before. */
interface ContainerLog {
  readonly current: readonly string[];
  readonly previous?: readonly string[];
}

/** The trouble that is scripted for pods, and what containers have printed. */
export interface PodTroubles {
  /** Pods of this replication controller get into this trouble. */
  break(namespace: string, controller: string, fault: PodFault): void;
  faultOf(namespace: string, controller: string): PodFault | undefined;
  print(uid: string, container: string, log: ContainerLog): void;
  logOf(uid: string, container: string): ContainerLog;
}

export function createPodTroubles(): PodTroubles {
  const faults = new Map<string, PodFault>();
  const logs = new Map<string, ContainerLog>();
  return {
    break: (namespace, controller, fault) => void faults.set(`${namespace}/${controller}`, fault),
    faultOf: (namespace, controller) => faults.get(`${namespace}/${controller}`),
    print: (uid, container, log) => void logs.set(`${uid}/${container}`, log),
    logOf: (uid, container) => logs.get(`${uid}/${container}`) ?? { current: [] },
  };
}
