/** The first line of `check`: what an installation is, and whether anything stands against its upgrade; never both. */
import { expect, test } from '@jest/globals';
import picocolors from 'picocolors';
import { renderFindings } from '../../src/cli/tenant/render/findings.ts';
import type { CheckName, Finding, PreflightReport } from '../../src/domain/tenant/finding.ts';

const fatal = (check: CheckName): Finding => ({ check, severity: 'fatal', message: 'm', hint: 'h' });
const paused = fatal('nothing-paused');

test.each<[PreflightReport['installation'], Finding[], string]>([
  ['from', [], 'ready to be upgraded; no obstacle'],
  ['from', [paused], 'blocked'],
  ['from', [{ ...paused, severity: 'warning' }], 'ready to be upgraded; no obstacle'],
  ['half-upgraded', [], 'half upgraded: the upgrade will do what is missing; no obstacle'],
  ['half-upgraded', [paused], 'half upgraded; blocked'],
  ['upgraded', [], 'already upgraded; no obstacle'],
  ['unknown', [fatal('objects-present')], 'not an installation this upgrade starts from; blocked'],
  ['unknown', [fatal('permissions')], 'could not be looked at; blocked'],
  ['unknown', [fatal('permissions'), fatal('left-half-done')], 'could not be looked at; blocked'],
  ['unknown', [fatal('namespace-exists')], 'no such project; blocked'],
])('%s with %j: %s', (installation, findings, said) => {
  const report = { installation, findings, alreadyDone: [] };
  const [first] = renderFindings('prod/3scale', report, picocolors.createColors(false)).split('\n');
  expect(first).toBe(`prod/3scale: ${said}`);
});
