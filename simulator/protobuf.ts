import protobuf from 'protobufjs';

/**
 * Kubernetes' own clients send built-in types as protobuf (those of version v1 are here): an envelope (`k8s\0`, then runtime.Unknown) around the object.
 * Field numbers are those of the API's generated.proto, which are kept for ever; fields that nobody here reads are left out.
 */
const PROTO = `
  syntax = "proto3";
  message TypeMeta { string apiVersion = 1; string kind = 2; }
  message Unknown { TypeMeta typeMeta = 1; bytes raw = 2; }
  message ObjectMeta {
    string name = 1; string generateName = 2; string namespace = 3; string uid = 5; string resourceVersion = 6;
    map<string, string> labels = 11; map<string, string> annotations = 12; repeated string finalizers = 14;
  }
  message ConfigMap { ObjectMeta metadata = 1; map<string, string> data = 2; map<string, bytes> binaryData = 3; optional bool immutable = 4; }
  message Secret {
    ObjectMeta metadata = 1; map<string, bytes> data = 2; string type = 3; map<string, string> stringData = 4;
    optional bool immutable = 5;
  }
  message Namespace { ObjectMeta metadata = 1; }
  message ServiceAccount { ObjectMeta metadata = 1; }
  message PolicyRule {
    repeated string verbs = 1; repeated string apiGroups = 2; repeated string resources = 3; repeated string resourceNames = 4;
  }
  message Role { ObjectMeta metadata = 1; repeated PolicyRule rules = 2; }
  message Subject { string kind = 1; string apiGroup = 2; string name = 3; string namespace = 4; }
  message RoleRef { string apiGroup = 1; string kind = 2; string name = 3; }
  message RoleBinding { ObjectMeta metadata = 1; repeated Subject subjects = 2; RoleRef roleRef = 3; }
  message ResourceAttributes {
    string namespace = 1; string verb = 2; string group = 3; string version = 4; string resource = 5; string subresource = 6;
    string name = 7;
  }
  message NonResourceAttributes { string path = 1; string verb = 2; }
  message ReviewSpec { ResourceAttributes resourceAttributes = 1; NonResourceAttributes nonResourceAttributes = 2; }
  message SelfSubjectAccessReview { ObjectMeta metadata = 1; ReviewSpec spec = 2; }
  message CrossVersionObjectReference { string kind = 1; string name = 2; string apiVersion = 3; }
  message AutoscalerSpec {
    CrossVersionObjectReference scaleTargetRef = 1; optional int32 minReplicas = 2; int32 maxReplicas = 3;
    optional int32 targetCPUUtilizationPercentage = 4;
  }
  message HorizontalPodAutoscaler { ObjectMeta metadata = 1; AutoscalerSpec spec = 2; }
  message LabelSelector { map<string, string> matchLabels = 1; }
  message Container { string name = 1; string image = 2; repeated string command = 3; repeated string args = 4; }
  message PodSpec { repeated Container containers = 2; string restartPolicy = 3; }
  message PodTemplateSpec { ObjectMeta metadata = 1; PodSpec spec = 2; }
  message DeploymentSpec { optional int32 replicas = 1; LabelSelector selector = 2; PodTemplateSpec template = 3; }
  message Deployment { ObjectMeta metadata = 1; DeploymentSpec spec = 2; }
  message JobSpec { PodTemplateSpec template = 6; }
  message JobTemplateSpec { ObjectMeta metadata = 1; JobSpec spec = 2; }
  message CronJobSpec { string schedule = 1; optional bool suspend = 4; JobTemplateSpec jobTemplate = 5; }
  message CronJob { ObjectMeta metadata = 1; CronJobSpec spec = 2; }
  message RulesSpec { string namespace = 1; }
  message SelfSubjectRulesReview { ObjectMeta metadata = 1; RulesSpec spec = 2; }
  message Preconditions { optional string uid = 1; optional string resourceVersion = 2; }
  message DeleteOptions {
    optional int64 gracePeriodSeconds = 1; Preconditions preconditions = 2; optional bool orphanDependents = 3;
    optional string propagationPolicy = 4; repeated string dryRun = 5;
  }
`;

const MAGIC = Buffer.from('k8s\0');
const { root } = protobuf.parse(PROTO, { keepCase: true });
const unknown = root.lookupType('Unknown');

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

/** The object as JSON; undefined for a type that is not known here. */
export function protobufToJson(body: Buffer): string | undefined {
  if (!body.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  // A type that is parsed at run time gives a Message without fields; these are the ones that PROTO names.
  const { typeMeta, raw } = unknown.decode(body.subarray(MAGIC.length)) as unknown as {
    typeMeta: { apiVersion: string; kind: string };
    raw: Uint8Array;
  };
  const { apiVersion, kind } = typeMeta;
  if (!/(^|\/)v1$/.test(apiVersion) || !Object.hasOwn(root.nested ?? {}, kind)) return undefined;
  const type = root.lookupType(kind);
  const object = type.toObject(type.decode(raw), { bytes: String, longs: Number });
  return JSON.stringify({ apiVersion, kind, ...object }, (_, value: unknown) =>
    value === '' ? undefined : value,
  );
}
