import { randomInt } from 'node:crypto';
import type { Cluster } from '../cluster.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject } from '../types.ts';
import { canonicalResources } from './quantity.ts';

type Doc = Record<string, unknown>;

const records = (value: unknown): Doc[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const record = (value: unknown): Doc => (isRecord(value) ? value : {});

function setDefault(target: Doc, values: Doc): void {
  for (const [key, value] of Object.entries(values)) {
    if (target[key] === undefined || target[key] === '') target[key] = value;
  }
}

/** Drops what Go's `omitempty` drops: empty strings, lists and maps of these fields. */
function omitEmpty(target: Doc, keys: readonly string[]): void {
  for (const key of keys) {
    const value = target[key];
    const empty =
      value === '' ||
      value === false ||
      (Array.isArray(value) && value.length === 0) ||
      (isRecord(value) && Object.keys(value).length === 0);
    if (empty) Reflect.deleteProperty(target, key);
  }
}

/** Sets what the API's defaulting sets, by kind. Changes `object`. */
export function applyDefaults(cluster: Cluster, object: KubeObject): void {
  // By key: an interface has no index signature, a document has.
  omitEmpty(object.metadata as unknown as Doc, [
    'labels',
    'annotations',
    'finalizers',
    'ownerReferences',
    'generateName',
  ]);
  switch (object.kind) {
    case 'DeploymentConfig':
      return deploymentConfig(object);
    case 'Deployment':
      return deployment(object);
    case 'Route':
      return route(cluster, object);
    case 'ReplicationController': {
      const spec = record(object.spec);
      setDefault(spec, { replicas: 1 });
      const template = record(spec.template);
      if (spec.template) podTemplate(template);
      if (!spec.selector && isRecord(template.metadata)) spec.selector = template.metadata.labels;
      object.status ??= { replicas: 0 };
      return;
    }
    case 'Pod':
      podSpec(record(object.spec));
      object.status ??= { phase: 'Pending' };
      return;
    case 'Secret':
      setDefault(object, { type: 'Opaque' });
      return secretData(object);
    case 'Service':
      return service(object);
    case 'PersistentVolumeClaim':
      object.status ??= { phase: 'Bound' };
      return;
    case 'Namespace':
      object.spec ??= { finalizers: ['kubernetes'] };
      object.status ??= { phase: 'Active' };
      return;
    default:
      return;
  }
}

function secretData(object: KubeObject): void {
  const stringData = record(object.stringData);
  const data = record(object.data);
  for (const [key, value] of Object.entries(stringData)) {
    data[key] = Buffer.from(String(value)).toString('base64');
  }
  Reflect.deleteProperty(object, 'stringData');
  if (Object.keys(data).length > 0) object.data = data;
  else Reflect.deleteProperty(object, 'data');
}

function route(cluster: Cluster, object: KubeObject): void {
  const spec = record((object.spec ??= {}));
  const to = record((spec.to ??= {}));
  setDefault(to, { kind: 'Service', weight: 100 });
  setDefault(spec, { wildcardPolicy: 'None' });
  const tls = record(spec.tls);
  if (spec.tls) {
    omitEmpty(tls, [
      'certificate',
      'key',
      'caCertificate',
      'destinationCACertificate',
      'insecureEdgeTerminationPolicy',
    ]);
  }
  if (!spec.host && !spec.subdomain && spec.wildcardPolicy !== 'Subdomain' && object.metadata.name) {
    const { name, namespace = '' } = object.metadata;
    spec.host = `${name}-${namespace}.${cluster.options.appsDomain}`;
    object.metadata.annotations = { ...object.metadata.annotations, 'openshift.io/host.generated': 'true' };
  }
  object.status ??= {};
}

const ROLLING = {
  updatePeriodSeconds: 1,
  intervalSeconds: 1,
  timeoutSeconds: 600,
};

function deploymentConfig(object: KubeObject): void {
  const spec = record((object.spec ??= {}));
  omitEmpty(spec, ['paused', 'minReadySeconds']);
  setDefault(spec, {
    strategy: {},
    triggers: [{ type: 'ConfigChange' }],
    replicas: 0,
    revisionHistoryLimit: 10,
    test: false,
  });
  strategy(record(spec.strategy));
  const template = record(spec.template);
  const metadata = record(template.metadata);
  if (!spec.selector && metadata.labels) spec.selector = metadata.labels;
  for (const trigger of records(spec.triggers)) {
    if (!trigger.imageChangeParams) continue;
    const params = record(trigger.imageChangeParams);
    omitEmpty(params, ['automatic']);
    setDefault(record(params.from), { namespace: object.metadata.namespace });
  }
  if (spec.template) podTemplate(template);
}

function deployment(object: KubeObject): void {
  const spec = record((object.spec ??= {}));
  omitEmpty(spec, ['paused', 'minReadySeconds']);
  setDefault(spec, { replicas: 1, strategy: {}, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 });
  const how = record(spec.strategy);
  setDefault(how, { type: 'RollingUpdate' });
  if (how.type === 'RollingUpdate') {
    setDefault(how, { rollingUpdate: {} });
    setDefault(record(how.rollingUpdate), { maxUnavailable: '25%', maxSurge: '25%' });
  }
  if (spec.template) podTemplate(record(spec.template));
  object.status ??= {};
}

function strategy(target: Doc): void {
  setDefault(target, { type: 'Rolling', resources: {}, activeDeadlineSeconds: 21_600 });
  if (target.type === 'Recreate') {
    setDefault(target, { recreateParams: {} });
    setDefault(record(target.recreateParams), { timeoutSeconds: 600 });
    return;
  }
  if (target.type !== 'Rolling') return;
  setDefault(target, { rollingParams: {} });
  const params = record(target.rollingParams);
  setDefault(params, ROLLING);
  const isZero = (value: unknown): boolean => value === 0 || value === '0' || value === '0%';
  if (params.maxSurge === undefined && params.maxUnavailable === undefined) {
    setDefault(params, { maxUnavailable: '25%', maxSurge: '25%' });
  } else if (params.maxUnavailable === undefined) {
    params.maxUnavailable = isZero(params.maxSurge) ? '25%' : 0;
  } else if (params.maxSurge === undefined) {
    params.maxSurge = isZero(params.maxUnavailable) ? '25%' : 0;
  }
}

function podTemplate(template: Doc): void {
  template.metadata ??= {};
  omitEmpty(record(template.metadata), ['labels', 'annotations', 'name', 'namespace']);
  podSpec(record((template.spec ??= {})));
}

function podSpec(spec: Doc): void {
  setDefault(spec, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  if (typeof spec.serviceAccountName === 'string')
    setDefault(spec, { serviceAccount: spec.serviceAccountName });
  else if (typeof spec.serviceAccount === 'string') spec.serviceAccountName = spec.serviceAccount;
  omitEmpty(spec, [
    'initContainers',
    'volumes',
    'nodeSelector',
    'tolerations',
    'imagePullSecrets',
    'hostNetwork',
  ]);
  for (const container of [...records(spec.containers), ...records(spec.initContainers)])
    defaultContainer(container);
  for (const volume of records(spec.volumes)) {
    for (const source of [record(volume.configMap), record(volume.secret)]) {
      if (Object.keys(source).length > 0) setDefault(source, { defaultMode: 420 });
    }
    if (Object.keys(volume).length === 1) volume.emptyDir = {};
    if (isRecord(volume.emptyDir)) omitEmpty(volume.emptyDir, ['medium']);
  }
}

function defaultContainer(container: Doc): void {
  const image = typeof container.image === 'string' ? container.image : '';
  // A blank image (an image trigger fills it) has no tag that could be `latest`.
  const latest =
    image.trim() !== '' && !image.includes('@') && (/:latest$/.test(image) || !/:[^/]+$/.test(image));
  setDefault(container, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: latest ? 'Always' : 'IfNotPresent',
  });
  omitEmpty(container, [
    'env',
    'envFrom',
    'command',
    'args',
    'ports',
    'volumeMounts',
    'stdin',
    'stdinOnce',
    'tty',
    'workingDir',
  ]);
  canonicalResources(container.resources);
  for (const port of records(container.ports)) setDefault(port, { protocol: 'TCP' });
  for (const mount of records(container.volumeMounts)) omitEmpty(mount, ['readOnly', 'subPath']);
  for (const variable of records(container.env)) {
    omitEmpty(variable, ['value']);
    const { fieldRef } = record(variable.valueFrom);
    if (isRecord(fieldRef)) setDefault(fieldRef, { apiVersion: 'v1' });
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe]) {
    if (isRecord(probe)) defaultProbe(probe);
  }
}

function defaultProbe(probe: Doc): void {
  setDefault(probe, { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 });
  if (isRecord(probe.httpGet)) setDefault(probe.httpGet, { path: '/', scheme: 'HTTP' });
}

function service(object: KubeObject): void {
  const spec = record((object.spec ??= {}));
  for (const port of records(spec.ports)) {
    setDefault(port, { protocol: 'TCP', targetPort: port.port });
    if (port.nodePort === 0) delete port.nodePort;
  }
  setDefault(spec, { type: 'ClusterIP', sessionAffinity: 'None', internalTrafficPolicy: 'Cluster' });
  if (spec.clusterIP === undefined) spec.clusterIP = `10.217.${randomInt(4, 6)}.${randomInt(1, 255)}`;
  setDefault(spec, { clusterIPs: [spec.clusterIP], ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' });
  object.status ??= { loadBalancer: {} };
}
