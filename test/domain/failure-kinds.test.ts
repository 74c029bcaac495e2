import { describe, expect, test } from '@jest/globals';
import { FAILURE_TYPES, hintOfFailure, isFailureType } from '../../src/domain/tenant/failure.ts';
import { tenantLines } from '../../src/domain/fleet/show/tenant-lines.ts';
import type { StepFailure } from '../../src/domain/tenant/progress.ts';
import { reportOf } from '../../src/domain/fleet/tenant/report-of.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import { stateOf } from '../support/fleet-stand.ts';
import { tenantProgress } from '../support/tenant-progress.ts';

/** Nothing is to be done about these: they are somebody's own word, or pass by themselves. */
const NOTHING_TO_DO = ['WorkerShutdown', 'Cancelled', 'Reverted'];

describe('every kind of failure', () => {
  test.each(FAILURE_TYPES)('says what to do, also where whoever reports it does not: %s', (type) => {
    expect(hintOfFailure({ type }) === undefined).toBe(NOTHING_TO_DO.includes(type));
    expect(hintOfFailure({ type, hint: 'look' })).toBe('look');
  });

  test('one of another release is known as such', () => {
    expect(isFailureType('Inexplicable')).toBe(false);
    expect(isFailureType(undefined)).toBe(false);
    expect(isFailureType('toString')).toBe(false);
    expect(hintOfFailure({ type: 'toString' })).toBeUndefined();
  });
});

test('a fleet says of a lost tenant what to do, with the command as it is typed', () => {
  const spec = fleetSpec({ waves: [{ name: 'all', tenants: ['a'] }] }, { name: 'prod' });
  const failure: StepFailure = { type: 'Lost', message: 'terminated' };
  const { entries } = stateOf(spec, { entries: { 0: { state: 'lost', failure } } });
  const [line] = tenantLines(spec, entries);
  expect(line?.failure?.hint).toMatch(
    /^See how far it is with: threescale-upgrade check --context \S+ --namespace a;/,
  );
});

test('what a held tenant says has its hint, and not what the cluster shows of it', () => {
  const failure: StepFailure = {
    ...{ type: 'RolloutFailed', message: 'dc/zync', hint: 'Look at it.' },
    evidence: { pods: [], events: [] },
  };
  const held = {
    ...({ stepId: 'x', during: 'upgrade', since: '', decisions: [], pausedDeploymentConfigs: [] } as const),
    failure,
  } as const;
  expect(reportOf(tenantProgress({ state: 'held', held }))).toEqual({
    kind: 'held',
    failure: { type: 'RolloutFailed', message: 'dc/zync', hint: 'Look at it.' },
  });
});
