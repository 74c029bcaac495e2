import { any, bool, int, intOrString, list, map, objectMeta, quantity, string, struct } from './schema.ts';
import type { Schema } from './schema.ts';

const keyRef = (name: string): Schema => struct(name, { name: string, key: string, optional: bool });

const envVar = struct('EnvVar', {
  name: string,
  value: string,
  valueFrom: struct('EnvVarSource', {
    fieldRef: struct('ObjectFieldSelector', { apiVersion: string, fieldPath: string }),
    resourceFieldRef: struct('ResourceFieldSelector', {
      containerName: string,
      resource: string,
      divisor: quantity,
    }),
    configMapKeyRef: keyRef('ConfigMapKeySelector'),
    secretKeyRef: keyRef('SecretKeySelector'),
  }),
});
export const envList = list(envVar, 'name');

const resources = struct('ResourceRequirements', {
  limits: map(quantity),
  requests: map(quantity),
  claims: list(any),
});
export const resourceRequirements = resources;

const httpHeader = struct('HTTPHeader', { name: string, value: string });
const handler = {
  exec: struct('ExecAction', { command: list(string) }),
  httpGet: struct('HTTPGetAction', {
    path: string,
    port: intOrString,
    host: string,
    scheme: string,
    httpHeaders: list(httpHeader),
  }),
  tcpSocket: struct('TCPSocketAction', { port: intOrString, host: string }),
  grpc: struct('GRPCAction', { port: int, service: string }),
};
const probe = struct('Probe', {
  ...handler,
  initialDelaySeconds: int,
  timeoutSeconds: int,
  periodSeconds: int,
  successThreshold: int,
  failureThreshold: int,
  terminationGracePeriodSeconds: int,
});
const lifecycleHandler = struct('LifecycleHandler', { ...handler, sleep: any });

const container = struct('Container', {
  name: string,
  image: string,
  command: list(string),
  args: list(string),
  workingDir: string,
  ports: list(
    struct('ContainerPort', {
      name: string,
      hostPort: int,
      containerPort: int,
      protocol: string,
      hostIP: string,
    }),
    'containerPort',
  ),
  envFrom: list(any),
  env: envList,
  resources,
  resizePolicy: list(any),
  restartPolicy: string,
  volumeMounts: list(
    struct('VolumeMount', {
      name: string,
      readOnly: bool,
      mountPath: string,
      subPath: string,
      mountPropagation: string,
      subPathExpr: string,
      recursiveReadOnly: string,
    }),
    'mountPath',
  ),
  volumeDevices: list(any, 'devicePath'),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  lifecycle: struct('Lifecycle', { postStart: lifecycleHandler, preStop: lifecycleHandler }),
  terminationMessagePath: string,
  terminationMessagePolicy: string,
  imagePullPolicy: string,
  securityContext: any,
  stdin: bool,
  stdinOnce: bool,
  tty: bool,
});

const keyToPath = list(struct('KeyToPath', { key: string, path: string, mode: int }));
const volume = struct('Volume', {
  name: string,
  hostPath: any,
  emptyDir: any,
  secret: struct('SecretVolumeSource', {
    secretName: string,
    items: keyToPath,
    defaultMode: int,
    optional: bool,
  }),
  configMap: struct('ConfigMapVolumeSource', {
    name: string,
    items: keyToPath,
    defaultMode: int,
    optional: bool,
  }),
  persistentVolumeClaim: struct('PersistentVolumeClaimVolumeSource', { claimName: string, readOnly: bool }),
  downwardAPI: any,
  projected: any,
  nfs: any,
  csi: any,
  ephemeral: any,
});

const podSpecStruct = struct('PodSpec', {
  volumes: list(volume, 'name'),
  initContainers: list(container, 'name'),
  containers: list(container, 'name'),
  ephemeralContainers: list(any, 'name'),
  restartPolicy: string,
  terminationGracePeriodSeconds: int,
  activeDeadlineSeconds: int,
  dnsPolicy: string,
  nodeSelector: map(string),
  serviceAccountName: string,
  serviceAccount: string,
  automountServiceAccountToken: bool,
  nodeName: string,
  hostNetwork: bool,
  hostPID: bool,
  hostIPC: bool,
  shareProcessNamespace: bool,
  securityContext: any,
  imagePullSecrets: list(struct('LocalObjectReference', { name: string }), 'name'),
  hostname: string,
  subdomain: string,
  affinity: any,
  schedulerName: string,
  tolerations: list(any),
  hostAliases: list(any, 'ip'),
  priorityClassName: string,
  priority: int,
  dnsConfig: any,
  readinessGates: list(any),
  runtimeClassName: string,
  enableServiceLinks: bool,
  preemptionPolicy: string,
  overhead: map(quantity),
  topologySpreadConstraints: list(any, 'topologyKey'),
  setHostnameAsFQDN: bool,
  os: any,
  hostUsers: bool,
  schedulingGates: list(any, 'name'),
  resourceClaims: list(any, 'name'),
});
export const podSpec: Schema = podSpecStruct;

export const podTemplateSpec = struct('PodTemplateSpec', { metadata: objectMeta, spec: podSpec });
