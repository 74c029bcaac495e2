import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execa } from 'execa';
import { startCodecServer } from '../../src/temporal/codec/codec-server.ts';
import { payloadCodecs } from '../../src/temporal/codec/data-converter.ts';
import { findDevServer } from '../../src/temporal/dev-server/dev-server-executable.ts';
import { EncryptionKeys } from '../../src/temporal/codec/encryption-keys.ts';
import {
  databaseText,
  PROJECTS,
  storyHistories,
  storyIds,
  tellStory,
  TOLD,
} from '../support/encryption-story.ts';
import { keyLine, writeKeyFile } from '../support/key-file.ts';
import type { Lab } from '../support/lab.ts';
import { openLab } from '../support/lab.ts';
import { encryptedPayloads, readable } from '../support/raw-history.ts';

/** What stays readable by design: docs/encryption.md names it, and why. */
const BY_DESIGN: readonly RegExp[] = [
  // Who is meant: workflows, their runs and messages, by their ids.
  /(workflowId|[rR]unId|requestId|RequestId|activityId|updateId|protocolInstanceId|MessageId)$/,
  /([nN]amespace|[nN]amespaceId)$/,
  // What is done: kinds of workflows, activities, messages, failures; on which queue.
  /(workflowType|activityType|parentWorkflowType|type)\.name$/,
  /(signalName|input\.name|applicationFailureInfo\.type|markerName)$/,
  /taskQueue(\.name|\.normalName)?$/,
  // By which program.
  /(identity|buildId|sdkName|sdkVersion|failure\.source|lastFailure\.source|cause\.source)$/,
  // Which changes of the workflow's code it has (`patched`): the SDK's own markers.
  /markerRecordedEventAttributes\.details\.patch-data\.payloads$/,
  // Of which fleet an activity is, for the worker's log.
  /activityTaskScheduledEventAttributes\.header\.fields\.threescale-fleet$/,
  // By what it is found.
  /searchAttributes\.indexedFields\.(Threescale[A-Za-z]+|BuildIds|TemporalChangeVersion)$/,
];

describe('with a key', () => {
  const keyFile = writeKeyFile([keyLine('k1')]);
  let lab: Lab;
  beforeAll(async () => {
    lab = await openLab({ keyFile });
    await tellStory(lab);
  });
  afterAll(() => lab.close());

  test('nothing that was said stands readable in a history, a description or the database', async () => {
    const texts = readable(await storyHistories(lab));
    const database = databaseText(lab);
    expect(texts.length).toBeGreaterThan(1_000);
    for (const told of TOLD) {
      expect(texts.filter(({ text }) => text.includes(told))).toEqual([]);
      expect([told, database.includes(told)]).toEqual([told, false]);
    }
  });

  test('every payload is encrypted; what stays readable is what the documents name', async () => {
    const histories = await storyHistories(lab);
    expect(encryptedPayloads(histories)['k1']).toBeGreaterThan(300);
    const others = readable(histories).filter(
      ({ place, text }) => text !== 'Encoded failure' && !BY_DESIGN.some((design) => design.test(place)),
    );
    expect([...new Set(others.map(({ place, text }) => `${place}: ${text}`))]).toEqual([]);
  });

  test('Temporal’s own CLI reads it through the codec server, failures too, and nothing without', async () => {
    const executable = await findDevServer(() => undefined);
    const server = await startCodecServer({
      codecs: payloadCodecs(new EncryptionKeys(keyFile)),
      ...{ host: '127.0.0.1', port: 0, origins: [], namespace: 'default', token: 'a-token-of-the-team' },
    });
    const codec = [
      ...['--codec-endpoint', `http://127.0.0.1:${server.port}`],
      ...['--codec-auth', 'Bearer a-token-of-the-team'],
    ];
    const show = async (id: string, ...more: string[]): Promise<string> => {
      const args = ['workflow', 'show', '-o', 'json', '--address', lab.target.address, '--workflow-id', id];
      const { stdout } = await execa(executable, [...args, ...more]);
      return stdout.replaceAll(/"data":\s*"([^"]*)"/g, (_, data: string) =>
        Buffer.from(data, 'base64').toString(),
      );
    };
    try {
      const [upgraded = '', reverted = ''] = storyIds(lab);
      const history = await show(upgraded, ...codec);
      expect(history).toContain('change 4711');
      expect(history).toContain('registry.access.redhat.com');
      expect(await show(reverted, ...codec)).toContain('dc/zync: rollout');
      expect(await show(upgraded)).not.toContain('change 4711');
    } finally {
      await server.close();
    }
  });

  test('a project is named by ids of workflows and by search attributes only', async () => {
    const named = readable(await storyHistories(lab)).filter(({ text }) =>
      PROJECTS.some((project) => text.includes(project)),
    );
    const places = new Set(named.map(({ place }) => place.split('.').at(-1)));
    expect([...places].sort()).toEqual(['ThreescaleTenant', 'workflowId']);
  });
});

test('without one, the same search finds all of it: it would find what is not encrypted', async () => {
  const lab = await openLab();
  try {
    await tellStory(lab);
    const texts = readable(await storyHistories(lab));
    const database = databaseText(lab);
    expect(TOLD.filter((told) => !texts.some(({ text }) => text.includes(told)))).toEqual([]);
    expect(TOLD.filter((told) => !database.includes(told))).toEqual([]);
  } finally {
    await lab.close();
  }
});
