import { expect, test } from '@jest/globals';
import { changeNamedBy, changesOf } from '../../src/domain/tenant/changes.ts';
import { pathFor } from '../support/upgrade-input.ts';

const path = pathFor({
  impersonation: { fromSecret: 'ours' },
  releaseEverywhere: true,
  components: { zync: 'follow' },
  takeAlong: { 'our-portal': 'system-sidekiq' },
});

test.each(path.steps.map((step) => [step.id, step] as const))(
  '%s says what it changes, of the same object as its title',
  (_, step) => {
    const changes = changesOf(step);
    if (step.kind === 'verify-staged' || step.kind === 'verify-upgraded') {
      expect(changes).toEqual([]);
      return;
    }
    const [change] = changes;
    expect(change?.what).toMatch(/\w/);
    const { object } = changeNamedBy(step.title);
    if (object !== '') expect(change?.object).toBe(object);
  },
);

test('a title names its object, or none', () => {
  const named = path.steps.map(({ title }) => changeNamedBy(title).object);
  expect(new Set(named)).toEqual(
    new Set(
      [
        '',
        'route/system-master',
        ...['amp-system', 'amp-apicast', 'amp-backend', 'amp-zync'].map((name) => `imagestream/${name}`),
        'secret/system-impersonation',
        ...['zync', 'backend-listener', 'backend-worker', 'backend-cron', 'system-memcache', 'system-app'],
        ...[
          'system-sidekiq',
          'system-sphinx',
          'apicast-staging',
          'apicast-production',
          'our-portal',
          'system-resque',
        ],
      ].map((name) => (name === '' || name.includes('/') ? name : `dc/${name}`)),
    ),
  );
});
