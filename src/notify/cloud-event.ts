import type { Message } from '../domain/notify/message.ts';

/** A message as CloudEvents 1.0 has it, in structured mode. */
export interface CloudEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: {
    readonly text: string;
    readonly facts: Message['facts'];
    readonly counts?: Message['counts'];
    readonly wave?: string;
  };
}

/** The type of `on-wave-done` of a fleet is `threescale-upgrade.fleet.wave-done`. */
export function cloudEvent(
  { id, occasion, scope, of, wave, at, facts, counts }: Message,
  text: string,
): CloudEvent {
  return {
    specversion: '1.0',
    id,
    source: `/threescale-upgrade/${scope}/${encodeURIComponent(of)}`,
    type: `threescale-upgrade.${scope}.${occasion.replace(/^on-/, '')}`,
    subject: wave === undefined ? of : `${of}/${wave}`,
    time: at,
    datacontenttype: 'application/json',
    data: { text, facts, ...(counts ? { counts } : {}), ...(wave === undefined ? {} : { wave }) },
  };
}
