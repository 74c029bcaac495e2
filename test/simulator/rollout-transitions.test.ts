import { jest } from '@jest/globals';
import { ANNOTATION } from '../../simulator/objects.ts';
import type { KubeObject } from '../../simulator/types.ts';
import type { RecordedWorld } from '../support/replay-recording.ts';
import { recordedWorld, send, turn } from '../support/replay-recording.ts';
import type { RecordedRequest } from '../support/recordings.ts';
import { fixture } from '../support/recordings.ts';
import { Bindings } from '../support/same-as-recorded.ts';

interface Seen {
  readonly t_ms: number;
  readonly event: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly kind: string;
  readonly name: string;
  readonly triggers?: readonly unknown[];
  readonly images?: readonly string[];
  readonly annotations?: Readonly<Record<string, string>>;
  readonly status?: Status;
}
interface Status {
  readonly latestVersion?: number;
  readonly conditions?: readonly {
    readonly type: string;
    readonly status: string;
    readonly reason?: string;
  }[];
}
interface Action {
  readonly t_ms: number;
  readonly action: string;
  readonly request: RecordedRequest & { readonly content_type?: string };
  readonly status: number;
  readonly message: string | null;
}
interface Scenario {
  readonly title: string;
  readonly sequence: readonly (Seen | Action)[];
}

const scenarios = fixture('rollout-transitions.json') as Record<string, Scenario>;
const isAction = (entry: Seen | Action): entry is Action => 'action' in entry;

/** What became of each object, step by step: phases of replication controllers, versions and progress of configs. */
type Story = Record<string, string[]>;

function tell(
  story: Story,
  kind: string,
  name: string,
  event: string,
  object: Pick<Seen, 'annotations' | 'status'>,
): void {
  const say = (what: string, text: string): void => {
    const lines = (story[`${kind} ${name} ${what}`] ??= []);
    if (lines.at(-1) !== text) lines.push(text);
  };
  if (event === 'DELETED') say('life', 'deleted');
  else if (event === 'ADDED') say('life', 'added');
  if (kind === 'ReplicationController') say('phase', object.annotations?.[ANNOTATION.phase] ?? 'none');
  if (kind !== 'DeploymentConfig') return;
  say('version', String(object.status?.latestVersion ?? 0));
  const progress = object.status?.conditions?.find(({ type }) => type === 'Progressing');
  // Unknown stands for the few ms in which the deployer's pod starts: the recorder saw it in some rollouts only.
  if (progress?.status === 'Unknown') return;
  say('progress', progress ? `${progress.status} ${progress.reason ?? ''}`.trim() : 'none');
}

function recordedStory(sequence: readonly (Seen | Action)[]): Story {
  const story: Story = {};
  for (const entry of sequence) {
    if (isAction(entry) || (entry.kind !== 'DeploymentConfig' && entry.kind !== 'ReplicationController'))
      continue;
    tell(story, entry.kind, entry.name, entry.event, entry);
  }
  return story;
}

/** The world in which the scenario begins, as far as its first looks tell: they only tell what changed since. */
async function begin(
  name: string,
  { sequence }: Scenario,
  world: RecordedWorld,
  bindings: Bindings,
): Promise<void> {
  const [first] = sequence.filter(isAction);
  if (first?.action.startsWith('create')) return;
  const seen = sequence.find((entry): entry is Seen => !isAction(entry) && entry.kind === 'DeploymentConfig');
  const triggers = (seen?.triggers ?? []) as { type: string; imageChangeParams?: object }[];
  const hasHook = sequence.some(
    (entry) => !isAction(entry) && entry.kind === 'Pod' && entry.name.endsWith('hook-pre'),
  );
  const post = (path: string, body: unknown): void => {
    expect(send(world, { method: 'POST', path, body }, 'system:masters', bindings).status).toBe(201);
  };
  if (triggers.some(({ type }) => type === 'ImageChange')) {
    post('/apis/image.openshift.io/v1/namespaces/tenant/imagestreams', {
      apiVersion: 'image.openshift.io/v1',
      kind: 'ImageStream',
      metadata: { name: 'i' },
      spec: {
        tags: [
          { name: 'latest', reference: true, from: { kind: 'DockerImage', name: 'reg.example.test/app:10' } },
        ],
      },
    });
  }
  const pre = { failurePolicy: 'Abort', execNewPod: { containerName: 'c', command: ['true'] } };
  post('/apis/apps.openshift.io/v1/namespaces/tenant/deploymentconfigs', {
    apiVersion: 'apps.openshift.io/v1',
    kind: 'DeploymentConfig',
    metadata: { name: 'd' },
    spec: {
      replicas: 1,
      selector: { app: 'd' },
      strategy:
        name === 'recreate-strategy'
          ? { type: 'Recreate' }
          : { type: 'Rolling', ...(hasHook ? { rollingParams: { pre } } : {}) },
      triggers,
      template: {
        metadata: { labels: { app: 'd' } },
        spec: {
          containers: [{ name: 'c', image: 'reg.example.test/app:1', env: [{ name: 'A', value: '1' }] }],
        },
      },
    },
  });
  await rest();
  // Some begin after a second rollout.
  for (
    let version = 2;
    version <= (seen?.status?.latestVersion ?? 1) && name.startsWith('delete');
    version += 1
  ) {
    const body = {
      spec: { template: { spec: { containers: [{ name: 'c', env: [{ name: 'A', value: '2' }] }] } } },
    };
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const path = '/apis/apps.openshift.io/v1/namespaces/tenant/deploymentconfigs/d';
    expect(send(world, { method: 'PATCH', path, headers, body }, 'system:masters', bindings).status).toBe(
      200,
    );
    await rest();
  }
}

/**
 * The simulated cluster's time is stepped from one of its timers to the next, and its controllers come to rest
 * between two: what happens does not depend on how busy the machine is.
 */
async function step(): Promise<void> {
  jest.advanceTimersToNextTimer();
  await controllers();
}

async function controllers(): Promise<void> {
  for (let i = 0; i < 5; i += 1) await turn();
}

async function rest(): Promise<void> {
  await controllers();
  while (jest.getTimerCount() > 0) await step();
}

/** Lets time pass until everything has come as far as it had been seen to come. */
async function reach(story: Story, wanted: Story): Promise<void> {
  const isThere = (): boolean =>
    Object.entries(wanted).every(([key, lines]) => story[key]?.at(-1) === lines.at(-1));
  await controllers();
  while (!isThere() && jest.getTimerCount() > 0) await step();
}

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());

test.each(Object.keys(scenarios))('%s: every object goes through the recorded states', async (name) => {
  const scenario = scenarios[name];
  if (!scenario) throw new Error('no such scenario');
  const world = recordedWorld();
  const bindings = new Bindings();
  await begin(name, scenario, world, bindings);
  const story: Story = {};
  world.cluster.store.subscribe(({ type, object }) => {
    const { annotations } = object.metadata;
    if (object.kind === 'DeploymentConfig' || object.kind === 'ReplicationController')
      tell(story, object.kind, object.metadata.name, type, {
        ...(annotations ? { annotations } : {}),
        status: statusOf(object),
      });
  });
  const { sequence } = scenario;
  for (const [index, entry] of sequence.entries()) {
    if (!isAction(entry)) continue;
    await reach(story, recordedStory(sequence.slice(0, index)));
    const { content_type: type, ...request } = entry.request;
    const headers = type === undefined ? {} : { 'content-type': type };
    const answer = send(world, { ...request, headers }, 'system:masters', bindings);
    expect(answer.status).toBe(entry.status);
    if (entry.message) expect((answer.body as { message: string }).message).toBe(entry.message);
  }
  const wanted = recordedStory(sequence);
  await reach(story, wanted);
  await rest();
  world.cluster.stop();
  expect(story).toEqual(wanted);
});

const statusOf = ({ status }: KubeObject): Status => (status ?? {}) as Status;
