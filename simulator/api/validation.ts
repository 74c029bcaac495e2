import { field } from '../errors.ts';
import type { FieldError } from '../errors.ts';
import { isRecord } from '../schema/decode.ts';
import type { KubeObject, ResourceType } from '../types.ts';

type Doc = Record<string, unknown>;
const records = (value: unknown): Doc[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const record = (value: unknown): Doc => (isRecord(value) ? value : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const LABEL_RE = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN_RE = `${LABEL_RE}(\\.${LABEL_RE})*`;
const QUALIFIED_RE = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';

const isLabel = (value: string): boolean => new RegExp(`^${LABEL_RE}$`).test(value) && value.length <= 63;
const isSubdomain = (value: string): boolean =>
  new RegExp(`^${SUBDOMAIN_RE}$`).test(value) && value.length <= 253;

const SUBDOMAIN_HINT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and " +
  `end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${SUBDOMAIN_RE}')`;
const LABEL_HINT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with " +
  `an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${LABEL_RE}')`;
const DNS1035_HINT =
  "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and " +
  "end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
const LABEL_VALUE_HINT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and " +
  "end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is " +
  "'(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
const QUALIFIED_HINT =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric " +
  `character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${QUALIFIED_RE}')`;
const CONFIG_KEY_HINT =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or " +
  "'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** All field errors of an object, in the order the real API lists them. */
export function validate(resource: ResourceType, object: KubeObject): FieldError[] {
  return [...metadata(resource, object), ...byKind(object)];
}

function metadata(resource: ResourceType, object: KubeObject): FieldError[] {
  const { name, labels = {}, annotations = {} } = object.metadata;
  const errors: FieldError[] = [];
  if (!name) errors.push(field.required('metadata.name', 'name or generateName is required'));
  else if (resource.kind === 'Service') {
    if (!/^[a-z]([-a-z0-9]*[a-z0-9])?$/.test(name))
      errors.push(field.invalid('metadata.name', name, DNS1035_HINT));
  } else if (resource.group !== 'rbac.authorization.k8s.io' && !isSubdomain(name)) {
    if (resource.kind !== 'ImageStream') errors.push(field.invalid('metadata.name', name, SUBDOMAIN_HINT));
    else errors.push(field.invalid('metadata.name', name, SUBDOMAIN_HINT));
  }
  for (const [key, value] of Object.entries(labels)) {
    errors.push(...qualifiedName('metadata.labels', key));
    if (!/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value) || value.length > 63) {
      errors.push(field.invalid('metadata.labels', value, LABEL_VALUE_HINT));
    }
  }
  for (const key of Object.keys(annotations))
    errors.push(...qualifiedName('metadata.annotations', key.toLowerCase()));
  return errors;
}

function qualifiedName(path: string, key: string): FieldError[] {
  const [prefix, name, ...rest] = key.includes('/') ? key.split('/') : [undefined, key];
  if (rest.length > 0)
    return [field.invalid(path, key, 'a qualified name must consist of alphanumeric characters')];
  const errors: FieldError[] = [];
  if (prefix !== undefined && !isSubdomain(prefix)) {
    errors.push(
      field.invalid(
        path,
        key,
        prefix === '' ? 'prefix part must be non-empty' : `prefix part ${SUBDOMAIN_HINT}`,
      ),
    );
  }
  if (!name)
    errors.push(
      field.invalid(path, key, 'name part must be non-empty'),
      field.invalid(path, key, QUALIFIED_HINT),
    );
  else if (!new RegExp(`^${QUALIFIED_RE}$`).test(name)) errors.push(field.invalid(path, key, QUALIFIED_HINT));
  else if (name.length > 63) errors.push(field.invalid(path, key, 'name part must be no more than 63 bytes'));
  return errors;
}

function byKind(object: KubeObject): FieldError[] {
  switch (object.kind) {
    case 'Route':
      return route(record(object.spec));
    case 'ImageStream':
      return imageStream(object);
    case 'DeploymentConfig':
      return deploymentConfig(record(object.spec));
    case 'Deployment':
      return containers(record(record(record(object.spec).template).spec), 'spec.template.spec');
    case 'Secret':
    case 'ConfigMap':
      return keysAndSize(object);
    case 'Pod':
      return containers(record(object.spec), 'spec');
    case 'ReplicationController': {
      const template = record(record(object.spec).template);
      return containers(record(template.spec), 'spec.template.spec');
    }
    default:
      return [];
  }
}

const MOST_BYTES = 1_048_576;

function keysAndSize({ kind, data, binaryData }: KubeObject): FieldError[] {
  const binary = Object.entries(kind === 'Secret' ? record(data) : record(binaryData));
  const plain = Object.entries(kind === 'Secret' ? {} : record(data));
  const bytes = [
    ...binary.map(([, value]) => Buffer.byteLength(text(value), 'base64')),
    ...plain.map(([, value]) => Buffer.byteLength(text(value))),
  ].reduce((sum, size) => sum + size, 0);
  return [
    ...[...binary, ...plain]
      .filter(([key]) => !/^[-._a-zA-Z0-9]+$/.test(key))
      .map(([key]) => field.invalid(`data[${key}]`, key, CONFIG_KEY_HINT)),
    ...(bytes > MOST_BYTES ? [field.tooLong(kind === 'Secret' ? 'data' : '[]', MOST_BYTES)] : []),
  ];
}

const TERMINATIONS = ['edge', 'passthrough', 'reencrypt'];
const INSECURE: Readonly<Record<string, readonly string[]>> = {
  edge: ['None', 'Allow', 'Redirect', ''],
  reencrypt: ['None', 'Allow', 'Redirect', ''],
  passthrough: ['None', 'Redirect', ''],
};

function route(spec: Doc): FieldError[] {
  const errors: FieldError[] = [];
  const host = text(spec.host);
  if (host) {
    if (!isSubdomain(host))
      errors.push(field.invalid('spec.host', host, 'host must conform to DNS 952 subdomain conventions'));
    for (const label of host.split('.')) {
      if (!isLabel(label)) errors.push(field.invalid('spec.host', host, LABEL_HINT));
    }
  }
  const to = record(spec.to);
  if (!to.name) errors.push(field.required('spec.to.name'));
  if (to.kind !== 'Service' && to.kind !== undefined) {
    errors.push(field.invalid('spec.to.kind', to.kind, 'must reference a Service'));
  }
  if (typeof to.weight === 'number' && (to.weight < 0 || to.weight > 256)) {
    errors.push(field.invalid('spec.to.weight', to.weight, 'weight must be an integer between 0 and 256'));
  }
  const port = record(spec.port);
  if (spec.port && (port.targetPort === undefined || port.targetPort === 0 || port.targetPort === '')) {
    errors.push(field.required('spec.port.targetPort'));
  }
  if (!['None', 'Subdomain'].includes(text(spec.wildcardPolicy))) {
    errors.push(field.notSupported('spec.wildcardPolicy', spec.wildcardPolicy, ['None', 'Subdomain']));
  }
  if (spec.tls) errors.push(...tls(record(spec.tls)));
  return errors;
}

function tls(config: Doc): FieldError[] {
  const termination = text(config.termination);
  if (!TERMINATIONS.includes(termination)) {
    return [field.notSupported('spec.tls.termination', termination, TERMINATIONS)];
  }
  const policy = text(config.insecureEdgeTerminationPolicy);
  const allowed = INSECURE[termination] ?? [];
  if (allowed.includes(policy)) return [];
  const path = 'spec.tls.insecureEdgeTerminationPolicy';
  return [
    field.invalid(
      path,
      policy,
      `invalid value for InsecureEdgeTerminationPolicy option, acceptable values are ${allowed.filter(Boolean).join(', ')}, or empty`,
    ),
  ];
}

const DOCKER_REFERENCE =
  /^(?:[A-Za-z0-9](?:[-A-Za-z0-9.]*[A-Za-z0-9])?(?::\d+)?\/)?[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:\/[a-z0-9]+(?:[._-]+[a-z0-9]+)*)*(?::[\w][\w.-]{0,127})?(?:@sha256:[a-f0-9]{64})?$/;

function imageStream(object: KubeObject): FieldError[] {
  const errors: FieldError[] = [];
  for (const tag of records(record(object.spec).tags)) {
    const path = `spec.tags[${text(tag.name)}].from`;
    if (!tag.from) continue;
    const from = record(tag.from);
    const kind = text(from.kind);
    const reference = text(from.name);
    if (kind === 'DockerImage') {
      if (!reference) {
        errors.push(field.required(`${path}.name`));
      } else if (!DOCKER_REFERENCE.test(reference)) {
        errors.push(field.invalid(`${path}.name`, reference, 'invalid reference format'));
      }
    } else if (kind === 'ImageStreamTag' || kind === 'ImageStreamImage') {
      if (!reference) errors.push(field.required(`${path}.name`));
    } else {
      errors.push(
        field.required(
          `${path}.kind`,
          "valid values are 'DockerImage', 'ImageStreamImage', 'ImageStreamTag'",
        ),
      );
    }
    const policy = text(record(tag.referencePolicy).type);
    if (policy !== 'Source' && policy !== 'Local') {
      errors.push(
        field.notSupported(`spec.tags[${text(tag.name)}].referencePolicy.type`, policy, ['Local', 'Source']),
      );
    }
  }
  return errors;
}

/** In the order of openshift-apiserver's ValidateDeploymentConfigSpec. */
function deploymentConfig(spec: Doc): FieldError[] {
  const errors = records(spec.triggers).flatMap((trigger, index) =>
    deploymentTrigger(trigger, `spec.triggers[${index}]`),
  );
  const { type } = record(spec.strategy);
  if (spec.template && !['Rolling', 'Recreate', 'Custom'].includes(text(type))) {
    const unsupported = 'unsupported strategy type, use "Custom" instead and specify your own strategy';
    errors.push(field.invalid('spec.strategy.type', type, unsupported));
  }
  for (const key of ['revisionHistoryLimit', 'minReadySeconds']) {
    const value = spec[key];
    if (typeof value === 'number' && value < 0)
      errors.push(field.invalid(`spec.${key}`, value, 'must be greater than or equal to 0'));
  }
  const selector = Object.entries(record(spec.selector));
  if (!spec.template) errors.push(field.required('spec.template'));
  else errors.push(...podTemplate(record(spec.template), selector));
  if (typeof spec.replicas === 'number' && spec.replicas < 0)
    errors.push(field.invalid('spec.replicas', spec.replicas, 'replicas cannot be negative'));
  if (selector.length === 0)
    errors.push(field.invalidJson('spec.selector', spec.selector ?? null, 'selector cannot be empty'));
  return errors;
}

function deploymentTrigger(trigger: Doc, path: string): FieldError[] {
  if (!trigger.type) return [field.required(`${path}.type`)];
  if (trigger.type !== 'ImageChange') return [];
  const at = `${path}.imageChangeParams`;
  if (!trigger.imageChangeParams) return [field.required(at)];
  const params = record(trigger.imageChangeParams);
  const { kind, name } = record(params.from);
  const errors: FieldError[] = [];
  if (!name) errors.push(field.required(`${at}.from`));
  else if (kind !== 'ImageStreamTag')
    errors.push(field.invalid(`${at}.from.kind`, text(kind), 'kind must be an ImageStreamTag'));
  if (!Array.isArray(params.containerNames) || params.containerNames.length === 0)
    errors.push(field.required(`${at}.containerNames`));
  return errors;
}

/** ValidatePodTemplateSpecForRC. */
function podTemplate(template: Doc, selector: readonly (readonly [string, unknown])[]): FieldError[] {
  const labels = record(record(template.metadata).labels);
  const errors: FieldError[] = [];
  if (selector.some(([key, value]) => labels[key] !== value)) {
    const shown = record(template.metadata).labels ?? null;
    const mismatch = '`selector` does not match template `labels`';
    errors.push(field.invalidJson('spec.template.metadata.labels', shown, mismatch));
  }
  const { restartPolicy, ...spec } = record(template.spec);
  errors.push(...containers(spec, 'spec.template.spec'));
  if (restartPolicy !== 'Always')
    errors.push(field.notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  return errors;
}

function containers(spec: Doc, path: string): FieldError[] {
  const errors: FieldError[] = [];
  if (records(spec.containers).length === 0) errors.push(field.required(`${path}.containers`));
  for (const list of ['initContainers', 'containers']) {
    const seen = new Set<unknown>();
    records(spec[list]).forEach((container, index) => {
      errors.push(...oneContainer(container, `${path}.${list}[${index}]`, seen));
    });
  }
  return errors;
}

function oneContainer(container: Doc, at: string, seen: Set<unknown>): FieldError[] {
  const errors: FieldError[] = [];
  const name = text(container.name);
  if (!name) errors.push(field.required(`${at}.name`));
  else if (!isLabel(name)) errors.push(field.invalid(`${at}.name`, name, LABEL_HINT));
  else if (seen.has(name)) errors.push(field.duplicate(`${at}.name`, name));
  seen.add(name);
  if (!text(container.image)) errors.push(field.required(`${at}.image`));
  const policy = text(container.imagePullPolicy);
  if (policy && !['Always', 'IfNotPresent', 'Never'].includes(policy)) {
    errors.push(field.notSupported(`${at}.imagePullPolicy`, policy, ['Always', 'IfNotPresent', 'Never']));
  }
  records(container.env).forEach((variable, index) => {
    errors.push(...envVar(variable, `${at}.env[${index}]`));
  });
  return errors;
}

function envVar(variable: Doc, at: string): FieldError[] {
  const errors: FieldError[] = [];
  const name = text(variable.name);
  if (!name) errors.push(field.required(`${at}.name`));
  else if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name)) {
    errors.push(
      field.invalid(
        `${at}.name`,
        name,
        "a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit (e.g. 'my.env-name',  or 'MY_ENV.NAME',  or 'MyEnvName1', regex used for validation is '[-._a-zA-Z][-._a-zA-Z0-9]*')",
      ),
    );
  }
  if (variable.valueFrom === undefined) return errors;
  const source = record(variable.valueFrom);
  const sources = Object.keys(source);
  if (text(variable.value)) {
    errors.push(field.invalid(`${at}.valueFrom`, '', 'may not be specified when `value` is not empty'));
  } else if (sources.length === 0) {
    errors.push(
      field.invalid(
        `${at}.valueFrom`,
        '',
        'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`',
      ),
    );
  } else if (sources.length > 1) {
    errors.push(field.invalid(`${at}.valueFrom`, '', 'may not have more than one field specified at a time'));
  }
  for (const key of ['secretKeyRef', 'configMapKeyRef']) {
    if (source[key] === undefined) continue;
    if (!text(record(source[key]).key)) errors.push(field.required(`${at}.valueFrom.${key}.key`));
  }
  return errors;
}
