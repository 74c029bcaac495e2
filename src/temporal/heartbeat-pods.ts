import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { temporal } from '@temporalio/proto';
import type { PodCount } from '../domain/tenant/pod-count.ts';
import { podCountIn } from '../domain/tenant/pod-count.ts';
import { decodePayloads } from './codec/codecs.ts';

/** How far the rollout is of which an activity's last heartbeat tells; undefined where it tells of none, or cannot be read. */
export async function podsIn(
  { options }: Client,
  details: temporal.api.common.v1.IPayloads | null | undefined,
): Promise<PodCount | undefined> {
  try {
    const [payload] = await decodePayloads(options.loadedDataConverter.payloadCodecs, [
      ...(details?.payloads ?? []),
    ]);
    const told: unknown = payload && defaultPayloadConverter.fromPayload(payload);
    return typeof told === 'object' && told !== null ? podCountIn(told) : undefined;
  } catch {
    // Without its key nobody can read it: what rolls is seen all the same.
    return undefined;
  }
}
