import type { Message } from '../../src/domain/notify/message.ts';

/** A message of a fleet, as small as a test wants it. */
export function messageOf(given: Partial<Message> = {}): Message {
  return {
    id: 'prod_m1_on-wave-done_canary',
    occasion: 'on-wave-done',
    scope: 'fleet',
    of: 'prod',
    wave: 'canary',
    at: '2026-11-28T01:00:00.000Z',
    facts: {
      subject: 'Fleet prod',
      fleet: 'prod',
      wave: 'canary',
      counts: '2 upgraded, 1 reverted',
      took: '12m',
      next: 'wave rest',
    },
    counts: { upgraded: 2, reverted: 1 },
    ...given,
  };
}
