import { envList, podSpec, podTemplateSpec, resourceRequirements } from './pod.ts';
import { any, bool, bytes, int, intOrString, kind, list, map, string, struct, time } from './schema.ts';
import type { Schema, Struct } from './schema.ts';

const objectReference = (name = 'ObjectReference'): Schema =>
  struct(name, {
    kind: string,
    namespace: string,
    name: string,
    uid: string,
    apiVersion: string,
    resourceVersion: string,
    fieldPath: string,
  });

const targetReference = struct('RouteTargetReference', { kind: string, name: string, weight: int });

const hook = struct('LifecycleHook', {
  failurePolicy: string,
  execNewPod: struct('ExecNewPodHook', {
    command: list(string),
    env: list(envList.type === 'list' ? envList.of : any),
    containerName: string,
    volumes: list(string),
  }),
  tagImages: list(struct('TagImageHook', { containerName: string, to: objectReference() })),
});
const hooks = { pre: hook, mid: hook, post: hook };

const deploymentConfigSpec = struct('DeploymentConfigSpec', {
  strategy: struct('DeploymentStrategy', {
    type: string,
    customParams: any,
    recreateParams: struct('RecreateDeploymentStrategyParams', { timeoutSeconds: int, ...hooks }),
    rollingParams: struct('RollingDeploymentStrategyParams', {
      updatePeriodSeconds: int,
      intervalSeconds: int,
      timeoutSeconds: int,
      maxUnavailable: intOrString,
      maxSurge: intOrString,
      pre: hook,
      post: hook,
    }),
    resources: resourceRequirements,
    labels: map(string),
    annotations: map(string),
    activeDeadlineSeconds: int,
  }),
  minReadySeconds: int,
  triggers: list(
    struct('DeploymentTriggerPolicy', {
      type: string,
      imageChangeParams: struct('DeploymentTriggerImageChangeParams', {
        automatic: bool,
        containerNames: list(string),
        from: objectReference(),
        lastTriggeredImage: string,
      }),
    }),
  ),
  replicas: int,
  revisionHistoryLimit: int,
  test: bool,
  paused: bool,
  selector: map(string),
  template: podTemplateSpec,
});

const policies = {
  importPolicy: struct('TagImportPolicy', { insecure: bool, scheduled: bool, importMode: string }),
  referencePolicy: struct('TagReferencePolicy', { type: string }),
};
const tagReference = struct('TagReference', {
  name: string,
  annotations: map(string),
  from: objectReference(),
  reference: bool,
  generation: int,
  ...policies,
});

export const KINDS: Readonly<Record<string, Struct>> = {
  Route: kind('Route', {
    spec: struct('RouteSpec', {
      host: string,
      subdomain: string,
      path: string,
      to: targetReference,
      alternateBackends: list(targetReference),
      port: struct('RoutePort', { targetPort: intOrString }),
      tls: struct('TLSConfig', {
        termination: string,
        certificate: string,
        key: string,
        caCertificate: string,
        destinationCACertificate: string,
        insecureEdgeTerminationPolicy: string,
        externalCertificate: struct('LocalObjectReference', { name: string }),
      }),
      wildcardPolicy: string,
      httpHeaders: any,
    }),
    status: any,
  }),
  ImageStream: kind('ImageStream', {
    spec: struct('ImageStreamSpec', {
      lookupPolicy: struct('ImageLookupPolicy', { local: bool }),
      dockerImageRepository: string,
      tags: list(tagReference, 'name'),
    }),
    status: any,
  }),
  ImageStreamTag: kind('ImageStreamTag', {
    tag: tagReference,
    generation: int,
    lookupPolicy: any,
    conditions: any,
    image: any,
  }),
  ImageStreamImport: kind('ImageStreamImport', {
    spec: struct('ImageStreamImportSpec', {
      import: bool,
      repository: any,
      images: list(
        struct('ImageImportSpec', {
          from: objectReference(),
          to: struct('LocalObjectReference', { name: string }),
          ...policies,
          includeManifest: bool,
        }),
      ),
    }),
    status: any,
  }),
  ImageStreamMapping: kind('ImageStreamMapping', { image: any, tag: string }),
  DeploymentConfig: kind('DeploymentConfig', { spec: deploymentConfigSpec, status: any }),
  DeploymentRequest: struct('DeploymentRequest', {
    kind: string,
    apiVersion: string,
    name: string,
    latest: bool,
    force: bool,
    excludeTriggers: list(string),
  }),
  DeploymentConfigRollback: struct('DeploymentConfigRollback', {
    kind: string,
    apiVersion: string,
    name: string,
    updatedAnnotations: map(string),
    spec: any,
  }),
  Deployment: kind('Deployment', {
    spec: struct('DeploymentSpec', {
      replicas: int,
      selector: struct('LabelSelector', { matchLabels: map(string), matchExpressions: list(any) }),
      template: podTemplateSpec,
      strategy: struct('DeploymentStrategy', {
        type: string,
        rollingUpdate: struct('RollingUpdateDeployment', {
          maxUnavailable: intOrString,
          maxSurge: intOrString,
        }),
      }),
      minReadySeconds: int,
      revisionHistoryLimit: int,
      paused: bool,
      progressDeadlineSeconds: int,
    }),
    status: any,
  }),
  StatefulSet: kind('StatefulSet', { spec: any, status: any }),
  DaemonSet: kind('DaemonSet', { spec: any, status: any }),
  CronJob: kind('CronJob', { spec: any, status: any }),
  HorizontalPodAutoscaler: kind('HorizontalPodAutoscaler', { spec: any, status: any }),
  BuildConfig: kind('BuildConfig', { spec: any, status: any }),
  Secret: kind('Secret', { data: map(bytes), stringData: map(string), type: string, immutable: bool }),
  ConfigMap: kind('ConfigMap', { data: map(string), binaryData: map(bytes), immutable: bool }),
  Service: kind('Service', {
    spec: struct('ServiceSpec', {
      ports: list(
        struct('ServicePort', {
          name: string,
          protocol: string,
          appProtocol: string,
          port: int,
          targetPort: intOrString,
          nodePort: int,
        }),
        'port',
      ),
      selector: map(string),
      clusterIP: string,
      clusterIPs: list(string),
      type: string,
      externalIPs: list(string),
      sessionAffinity: string,
      sessionAffinityConfig: any,
      externalName: string,
      publishNotReadyAddresses: bool,
      ipFamilies: list(string),
      ipFamilyPolicy: string,
      internalTrafficPolicy: string,
      externalTrafficPolicy: string,
      loadBalancerIP: string,
      healthCheckNodePort: int,
    }),
    status: any,
  }),
  Pod: kind('Pod', { spec: podSpec, status: any }),
  ReplicationController: kind('ReplicationController', {
    spec: struct('ReplicationControllerSpec', {
      replicas: int,
      minReadySeconds: int,
      selector: map(string),
      template: podTemplateSpec,
    }),
    status: any,
  }),
  Namespace: kind('Namespace', { spec: any, status: any }),
  ServiceAccount: kind('ServiceAccount', {
    secrets: list(objectReference(), 'name'),
    imagePullSecrets: list(struct('LocalObjectReference', { name: string })),
    automountServiceAccountToken: bool,
  }),
  PersistentVolumeClaim: kind('PersistentVolumeClaim', { spec: any, status: any }),
  Event: kind('Event', {
    involvedObject: objectReference(),
    reason: string,
    message: string,
    source: any,
    firstTimestamp: time,
    lastTimestamp: time,
    count: int,
    type: string,
    eventTime: any,
    action: string,
    reportingComponent: string,
    reportingInstance: string,
    related: any,
    series: any,
  }),
  Role: kind('Role', { rules: list(any) }),
  RoleBinding: kind('RoleBinding', { subjects: list(any), roleRef: any }),
  SelfSubjectRulesReview: kind('SelfSubjectRulesReview', {
    spec: struct('SelfSubjectRulesReviewSpec', { namespace: string }),
    status: any,
  }),
  SelfSubjectAccessReview: kind('SelfSubjectAccessReview', {
    spec: struct('SelfSubjectAccessReviewSpec', {
      resourceAttributes: struct('ResourceAttributes', {
        namespace: string,
        verb: string,
        group: string,
        version: string,
        resource: string,
        subresource: string,
        name: string,
        fieldSelector: any,
        labelSelector: any,
      }),
      nonResourceAttributes: struct('NonResourceAttributes', { path: string, verb: string }),
    }),
    status: any,
  }),
};
