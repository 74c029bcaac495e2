import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import { decodePayloads } from './codec/codecs.ts';

/** What each activity of a history is about, as the UI shows it, by its id; those that cannot be read are left out. */
export async function summariesOf(
  { options }: Client,
  { events }: temporal.api.history.v1.IHistory,
): Promise<ReadonlyMap<string, string>> {
  const found = (events ?? []).map(async (event): Promise<[string, string][]> => {
    const id = event.activityTaskScheduledEventAttributes?.activityId;
    const { summary } = event.userMetadata ?? {};
    if (!id || !summary) return [];
    try {
      const [payload] = await decodePayloads(options.loadedDataConverter.payloadCodecs, [summary]);
      return payload ? [[id, defaultPayloadConverter.fromPayload<string>(payload)]] : [];
    } catch {
      // Without its key nobody can read it.
      return [];
    }
  });
  return new Map((await Promise.all(found)).flat());
}
