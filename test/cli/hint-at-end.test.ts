/** Where an upgrade has ended, nothing goes on by itself any more, and nothing is left to decide. */
import { expect, test } from '@jest/globals';
import { renderSummary } from '../../src/cli/tenant/render/progress.ts';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';

const failure = { type: 'ServerError', message: 'the server answers 503' } as const;
const colors = new Proxy({}, { get: () => (text: string) => text }) as Parameters<
  typeof renderSummary
>[1]['colors'];

function shownAtEnd(hint: string): string {
  const at = '2026-11-27T00:00:00.000Z';
  const progress: TenantProgress = {
    tenant: { cluster: 'https://prod:6443', context: 'prod', namespace: '3scale' },
    from: '2.3',
    to: '2.4',
    pathHash: '',
    state: 'reverted',
    startedAt: at,
    endedAt: at,
    steps: [
      {
        id: 'roll-out-zync',
        title: 'Roll out dc/zync',
        guide: '',
        status: 'reverted',
        attempts: 10,
        failure: { ...failure, hint },
      },
    ],
    findings: [],
    pastPointOfNoReturn: false,
    leftovers: [],
    journal: [{ at, event: 'reverting', detail: `roll-out-zync failed: ${failure.message}` }],
  };
  return renderSummary(progress, { nowMs: Date.parse(at), colors });
}

test.each([
  'It tries again by itself; when it gave up, look at the cluster, then retry.',
  'It goes on by itself when the cluster answers again; look at: oc get --raw /healthz',
  'Abort it, and start it again with windows that open.',
  'Restore it, then retry; or abandon, and put the objects right by hand.',
])('%s', (hint) => {
  const shown = shownAtEnd(hint);
  expect(shown).not.toMatch(/by itself|\b(retry|abort|abandon)/i);
  expect(shown).toContain('then start it again: threescale-upgrade start --context prod --namespace 3scale');
});
