import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fleetRequest } from '../../src/cli/fleet/request.ts';
import type { Access } from '../../src/desk/access/access.ts';
import type { ApiError, StreamEvents, ViewRequest } from '../../src/desk/contract.ts';
import { ACT_HEADER } from '../../src/desk/contract.ts';
import type { DeskSettings } from '../../src/desk/desk.ts';
import { startDesk } from '../../src/desk/desk.ts';
import { NO_MEASURES } from '../../src/domain/fleet/rules/forecast.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { fleetWorkflowId } from '../../src/domain/fleet/spec/spec.ts';
import type { FleetState, TenantEntry } from '../../src/domain/fleet/tenant/entry.ts';
import { TASK_QUEUE } from '../../src/domain/tenant/task-queue.ts';
import type { fleetUpgrade } from '../../workflows/fleet/fleet-upgrade.ts';
import type { Lab } from './lab.ts';

type Headers = Readonly<Record<string, string>>;

/** An event of a stream, as it came. */
export interface StreamEvent {
  readonly event: keyof StreamEvents;
  readonly data: unknown;
  readonly id?: string;
}

/** A desk of a lab's Temporal, and what a page asks of it. */
export class TestDesk {
  readonly url: string;
  readonly said: readonly string[];
  readonly #close: () => Promise<void>;

  private constructor(url: string, said: readonly string[], close: () => Promise<void>) {
    this.url = url;
    this.said = said;
    this.#close = close;
  }

  static async open(lab: Lab, settings: Partial<DeskSettings> = {}): Promise<TestDesk> {
    const said: string[] = [];
    const access: Access = { kind: 'open' };
    const desk = await startDesk({
      ...{ target: lab.target, host: '127.0.0.1', port: 0, access, loopback: true, allowActions: true },
      ...{ kubeconfig: lab.kubeconfig, say: (line: string) => void said.push(line) },
      ...settings,
    });
    return new TestDesk(`http://127.0.0.1:${desk.port}`, said, () => desk.close());
  }

  get(path: string, headers: Headers = {}): Promise<Response> {
    return fetch(this.url + path, { headers });
  }

  /** The answer's JSON. */
  async ask<T>(path: string): Promise<T> {
    const answer = await this.get(path);
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  post(path: string, body: unknown, headers: Headers = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', [ACT_HEADER]: '1', ...headers },
    });
  }

  /** The events of a view, for as long as they are read. */
  async *stream(request: ViewRequest, headers: Headers = {}): AsyncGenerator<StreamEvent> {
    const over = new AbortController();
    const query = new URLSearchParams(Object.entries(request)).toString();
    const answer = await fetch(`${this.url}/api/stream?${query}`, { headers, signal: over.signal });
    let text = '';
    const decoder = new TextDecoder();
    try {
      for await (const chunk of answer.body ?? []) {
        text += decoder.decode(chunk as Uint8Array, { stream: true });
        const parts = text.split('\n\n');
        text = parts.pop() ?? '';
        for (const part of parts) yield eventIn(part);
      }
    } finally {
      over.abort();
    }
  }

  close(): Promise<void> {
    return this.#close();
  }
}

function eventIn(text: string): StreamEvent {
  const fields = new Map(
    text.split('\n').map((line): [string, string] => {
      const colon = line.indexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2)];
    }),
  );
  const id = fields.get('id');
  return {
    event: fields.get('event') as StreamEvent['event'],
    data: JSON.parse(fields.get('data') ?? 'null'),
    ...(id === undefined ? {} : { id }),
  };
}

/** The first of these events. */
export async function firstOf(
  events: AsyncGenerator<StreamEvent>,
  is: (event: StreamEvent) => boolean,
): Promise<StreamEvent> {
  for (;;) {
    const { value, done } = await events.next();
    if (done) throw new Error('the stream has ended');
    if (is(value)) return value;
  }
}

export const messageOf = async (answer: Response): Promise<string> =>
  ((await answer.json()) as ApiError).error.message;

const OPERATOR = { by: 'olga', why: 'change 4711' };

/** A fleet file with these tenants of the first cluster, and further keys of it. */
export function writeFleet(lab: Lab, name: string, more: string, tenants: readonly string[]): string {
  const file = join(lab.folder, `${name}.yaml`);
  const lines = tenants.map((one) => `  - { name: ${one}, cluster: sim1, namespace: ${one} }`);
  writeFileSync(file, `name: ${name}\nclusters: { sim1: {} }\ntenants:\n${lines.join('\n')}\n${more}\n`);
  return file;
}

type Entries = readonly (Partial<TenantEntry> & Pick<TenantEntry, 'state'>)[];

/**
 * Starts a fleet that stands so already, and is paused: nothing of it begins, and no workflow of a tenant is behind what it
 * remembers. What has no entry, or is pending, was never started.
 */
export async function startStanding(lab: Lab, file: string, entries: Entries): Promise<FleetSpec> {
  const { spec, clusters } = fleetRequest({ file, kubeconfig: lab.kubeconfig });
  await clusters.close();
  const nowMs = Date.now();
  const state: FleetState = {
    startedAt: new Date(nowMs - 3_600_000).toISOString(),
    startedBy: OPERATOR,
    entries: spec.tenants.map((_, index) => {
      const entry = entries[index];
      return entry && entry.state !== 'pending' ? { sinceMs: nowMs - 60_000, attempts: 1, ...entry } : null;
    }),
    waves: [{ startedMs: nowMs - 3_600_000 }],
    paused: { by: 'olga', why: 'a look', since: new Date(nowMs).toISOString() },
    measures: NO_MEASURES,
    journal: [],
    runs: 1,
  };
  await lab.client.workflow.start<typeof fleetUpgrade>('fleetUpgrade', {
    workflowId: fleetWorkflowId(spec.name),
    taskQueue: TASK_QUEUE,
    args: [{ spec, startedBy: OPERATOR, visible: false, state }],
  });
  return spec;
}
