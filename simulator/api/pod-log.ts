import { badRequest, notFound } from '../errors.ts';
import { asPod } from '../objects.ts';
import type { Pod } from '../objects.ts';
import { RESOURCES } from '../resources.ts';
import type { ApiAnswer, Target } from './types.ts';

/** GET pods/NAME/log: what a container has printed, or the words in which a kubelet of 1.11 says why there is nothing. */
export function readLog({ cluster, namespace, name = '', request: { query } }: Target): ApiAnswer {
  const found = cluster.store.get(RESOURCES.pods, namespace, name);
  if (!found) throw notFound(RESOURCES.pods, name);
  const pod = asPod(found);
  const container = containerOf(pod, query.get('container') ?? undefined);
  const status = statusOf(pod, container);
  const previous = query.get('previous') === 'true';
  const { current, previous: earlier } = cluster.podTroubles.logOf(pod.metadata.uid, container);
  const ended = status?.lastState?.terminated;
  if (previous && !ended)
    throw badRequest(`previous terminated container "${container}" in pod "${name}" not found`);
  if (!previous && !status?.state?.running && !status?.state?.terminated && !ended) {
    const why = status?.state?.waiting?.reason ?? 'ContainerCreating';
    throw badRequest(`container "${container}" in pod "${name}" is waiting to start: ${WAITING[why] ?? why}`);
  }
  const lines = (previous ? earlier : current) ?? [];
  const tail = Number(query.get('tailLines') ?? lines.length);
  const text = lines.slice(Math.max(0, lines.length - tail)).map((line) => `${line}\n`);
  return { status: 200, headers: { 'content-type': 'text/plain' }, body: text.join('') };
}

const WAITING: Readonly<Record<string, string>> = {
  ImagePullBackOff: 'trying and failing to pull image',
  ErrImagePull: "image can't be pulled",
};

function containerOf(pod: Pod, asked: string | undefined): string {
  const { name } = pod.metadata;
  const init = (pod.spec.initContainers ?? []) as { name?: string }[];
  const names = [...pod.spec.containers, ...init].map((container) => container.name ?? '');
  if (asked === undefined) {
    const [only = '', ...others] = pod.spec.containers.map((container) => container.name);
    if (others.length === 0) return only;
    const choices = [only, ...others].join(' ');
    throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${choices}]`);
  }
  if (!names.includes(asked)) throw badRequest(`container ${asked} is not valid for pod ${name}`);
  return asked;
}

interface Status {
  readonly name: string;
  readonly state?: State;
  readonly lastState?: State;
}

interface State {
  readonly waiting?: { readonly reason?: string };
  readonly running?: object;
  readonly terminated?: object;
}

const statusOf = ({ status }: Pod, container: string): Status | undefined =>
  ((status.containerStatuses ?? []) as readonly Status[]).find(({ name }) => name === container);
