/** The vocabulary in which the components of an installation are written down. */

export type Value = string | { readonly valueFrom: Readonly<Record<string, unknown>> };
export type Environment = Readonly<Record<string, Value>>;
export type Doc = Record<string, unknown>;

export const fromSecret = (name: string, key: string): Value => ({
  valueFrom: { secretKeyRef: { name, key } },
});
export const fromConfigMap = (name: string, key: string): Value => ({
  valueFrom: { configMapKeyRef: { name, key } },
});

export function env(environment: Environment): Doc[] {
  return Object.entries(environment).map(([name, value]) =>
    typeof value === 'string' ? { name, value } : { name, ...value },
  );
}

/** Requests and limits, as in `50m..150m`; either end may be left out. */
export function resources(cpu: string, memory: string): Doc {
  const [cpuRequest, cpuLimit] = cpu.split('..');
  const [memoryRequest, memoryLimit] = memory.split('..');
  const list = (cpuValue: string | undefined, memoryValue: string | undefined): Doc => ({
    ...(cpuValue ? { cpu: cpuValue } : {}),
    ...(memoryValue ? { memory: memoryValue } : {}),
  });
  return { requests: list(cpuRequest, memoryRequest), limits: list(cpuLimit, memoryLimit) };
}

export interface ProbeTimes {
  /** Seconds before the first probe. */
  readonly delay: number;
  /** Seconds between probes. */
  readonly every?: number;
  /** Seconds a probe may take. */
  readonly timeout?: number;
  readonly failures?: number;
}

function probe(check: Doc, { delay, every, timeout, failures }: ProbeTimes): Doc {
  return {
    ...check,
    initialDelaySeconds: delay,
    ...(every === undefined ? {} : { periodSeconds: every }),
    ...(timeout === undefined ? {} : { timeoutSeconds: timeout }),
    ...(failures === undefined ? {} : { failureThreshold: failures }),
  };
}

export const tcp = (port: number | string, times: ProbeTimes): Doc => probe({ tcpSocket: { port } }, times);
export const http = (path: string, port: number | string, times: ProbeTimes, headers: Doc[] = []): Doc =>
  probe({ httpGet: { path, port, ...(headers.length > 0 ? { httpHeaders: headers } : {}) } }, times);
export const exec = (command: string[], times: ProbeTimes): Doc => probe({ exec: { command } }, times);

export const port = (containerPort: number, name?: string): Doc => ({
  ...(name ? { name } : {}),
  containerPort,
  protocol: 'TCP',
});

export const mount = (name: string, mountPath: string, readOnly = false): Doc => ({
  name,
  mountPath,
  ...(readOnly ? { readOnly } : {}),
});
export const claim = (name: string): Doc => ({ name, persistentVolumeClaim: { claimName: name } });
export const configFiles = (name: string, configMap: string, keys: readonly string[] = []): Doc => ({
  name,
  configMap: {
    name: configMap,
    ...(keys.length > 0 ? { items: keys.map((key) => ({ key, path: key })) } : {}),
  },
});

/** A shell condition that holds once a port answers. */
export const portAnswers = (service: string, number: number): string =>
  `echo -n > /dev/tcp/${service}/${number}`;

/** An init container's command: it ends once all conditions hold. */
export const until = (...conditions: string[]): string[] => [
  'sh',
  '-c',
  `until $(${conditions.join(' && ')}); do sleep $SLEEP_SECONDS; done`,
];
