import { randomInt } from 'node:crypto';
import type { Pod } from '../objects.ts';
import { timestamp } from '../objects.ts';

type Doc = Record<string, unknown>;

const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789';

/** What random names end with. */
export function randomSuffix(): string {
  return Array.from({ length: 5 }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
}

const NOT_READY = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable'];

/** What admission and the scheduler add to the spec of every pod: its account's token, tolerations, a node. */
export function admit(spec: Doc & { containers: unknown[] }): Doc {
  const token = `kube-api-access-${randomSuffix()}`;
  const mount = { name: token, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' };
  const volumes = Array.isArray(spec.volumes) ? (spec.volumes as unknown[]) : [];
  const mounted = (container: unknown): Doc => {
    const given = container as Doc & { volumeMounts?: unknown[] };
    return { ...given, volumeMounts: [...(given.volumeMounts ?? []), mount] };
  };
  return {
    ...spec,
    volumes: [...volumes, tokenVolume(token)],
    containers: spec.containers.map(mounted),
    ...(Array.isArray(spec.initContainers) ? { initContainers: spec.initContainers.map(mounted) } : {}),
    serviceAccountName: 'default',
    serviceAccount: 'default',
    nodeName: 'n0',
    tolerations: NOT_READY.map((key) => ({
      key,
      operator: 'Exists',
      effect: 'NoExecute',
      tolerationSeconds: 300,
    })),
    priority: 0,
    enableServiceLinks: true,
    preemptionPolicy: 'PreemptLowerPriority',
  };
}

function tokenVolume(name: string): Doc {
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
    { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
    {
      downwardAPI: {
        items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }],
      },
    },
  ];
  return { name, projected: { sources, defaultMode: 420 } };
}

/** The status of a pod whose containers all run. */
export function runningStatus({ spec, status }: Pod): Pod['status'] {
  const at = timestamp();
  const ip = `10.0.0.${randomInt(2, 255)}`;
  return {
    phase: 'Running',
    conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
      type,
      status: 'True',
      lastProbeTime: null,
      lastTransitionTime: at,
    })),
    hostIP: '127.0.0.1',
    podIP: ip,
    podIPs: [{ ip }],
    startTime: at,
    containerStatuses: spec.containers.map(({ name, image }) => ({
      name,
      state: { running: { startedAt: at } },
      lastState: {},
      ready: true,
      restartCount: 0,
      image,
      imageID: '',
    })),
    qosClass: status.qosClass ?? qosClass(spec.containers),
  };
}

/** Guaranteed where requests equal limits everywhere, BestEffort where there are none. */
function qosClass(containers: readonly unknown[]): string {
  const resources = containers.map(
    (container) => (container as { resources?: { requests?: object; limits?: object } }).resources ?? {},
  );
  const isNone = (list: object | undefined): boolean => Object.keys(list ?? {}).length === 0;
  if (resources.every(({ requests, limits }) => isNone(requests) && isNone(limits))) return 'BestEffort';
  const isGuaranteed = resources.every(
    ({ requests, limits }) => !isNone(limits) && JSON.stringify(requests) === JSON.stringify(limits),
  );
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}
