import { expect, test } from '@jest/globals';
import { mayBeOurs } from '../../src/procedure/backup/differences.ts';
import { PATH_WITH_IMPERSONATION } from '../support/upgrade-input.ts';

const CONTAINER = 'spec.template.spec.containers[system-sidekiq]';

test.each([
  ['dc/system-sidekiq spec.paused', true],
  [`dc/system-sidekiq ${CONTAINER}.image`, true],
  [`dc/system-sidekiq ${CONTAINER}.env[RAILS_MAX_THREADS].value`, true],
  [`dc/system-sidekiq ${CONTAINER}.env[RAILS_MAX_THREADS]`, true],
  [`dc/system-sidekiq ${CONTAINER}.env (its order)`, true],
  [`dc/system-sidekiq ${CONTAINER}.env[3].value`, true],
  ['dc/system-sidekiq metadata.annotations', true],
  ['dc/system-resque is gone', true],
  ['route/system-master is there, and was not', true],
  ['route/system-master-admin spec.host', true],
  ['imagestream/amp-zync spec.tags[2.4.0]', true],
  [`dc/system-sidekiq ${CONTAINER}.env[OWN_SETTING]`, false],
  [`dc/system-sidekiq ${CONTAINER}.resources.limits.memory`, false],
  ['dc/system-sidekiq spec.replicas', false],
])('%s: may be a step’s that took effect late: %s', (difference, may) => {
  expect(mayBeOurs(difference, PATH_WITH_IMPERSONATION.steps)).toBe(may);
});
