import picocolors from 'picocolors';
import { renderTelling, reportTelling } from '../../src/cli/fleet/render/telling.ts';
import type { FleetProgress } from '../../src/domain/fleet/show/progress.ts';
import type { Delivery } from '../../src/domain/notify/delivery.ts';
import { delivered, handedOver, NOTHING_TOLD, tellingView } from '../../src/domain/fleet/tell/told.ts';

const at = '2026-11-28T01:00:00.000Z';
const delivery = (receiver: string, outcome: Delivery['outcome']): Delivery => ({
  ...{ id: 'x', receiver, outcome, at, occasion: 'on-started' },
  ...(outcome === 'sent' ? {} : { why: 'it has answered 500 | <b>' }),
});

test('status and report say who was told, and who is told nothing more, and why', () => {
  const notify = [
    { name: 'ops', command: 'page' },
    { name: 'mail', command: 'mail' },
  ];
  const handed = ['ops', 'ops', 'mail'].reduce(handedOver, NOTHING_TOLD);
  const told = [delivery('ops', 'sent'), delivery('mail', 'gave-up')].reduce(delivered, handed);
  const telling = tellingView(notify, told);
  const progress = { name: 'prod', phase: 'running', telling } as unknown as FleetProgress;
  const text = renderTelling(progress, picocolors.createColors(false)).join('\n');
  expect(text).toContain('mail (command) is told nothing more since');
  expect(text).toContain('threescale-upgrade fleet set prod --notify');
  expect(text).toContain('told: ops (command) 1 sent, 1 on the way; mail (command) 0 sent, 1 not');
  const report = reportTelling(telling).join('\n');
  expect(report).toContain('## Told');
  expect(report).toContain('\\<b\\>');
  expect(report).not.toContain('<b>');
  expect(reportTelling(undefined)).toEqual([]);
});
