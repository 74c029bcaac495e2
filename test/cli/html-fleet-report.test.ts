import { expect, test } from '@jest/globals';
import { printReport } from '../../src/cli/fleet/print-report.ts';
import type { Io } from '../../src/cli/io.ts';
import picocolors from 'picocolors';
import type { ReportedFleet } from '../support/reported-fleet.ts';
import { reportedFleet } from '../support/reported-fleet.ts';
import { pageErrors } from '../support/well-formed.ts';

interface Written {
  readonly page: string;
  readonly err: readonly string[];
}

async function pageOf(
  { spec, progress, lines, details }: ReportedFleet,
  options: { readonly summary?: boolean } = {},
): Promise<Written> {
  const out: string[] = [];
  const err: string[] = [];
  const io: Io = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    interactive: false,
    colors: picocolors.createColors(false),
  };
  const reported = { progress, lines, details: details(), paths: spec.paths };
  await printReport(io, reported, { ...options, output: 'html' });
  return { page: out.join('\n'), err };
}

test('a fleet of 1,000 tenants, each with every object that was changed, takes less than 5 MB', async () => {
  const fleet = reportedFleet(1_000);
  const { page } = await pageOf(fleet);
  expect(Buffer.byteLength(page)).toBeLessThan(5_000_000);
  expect(page.match(/<details id="t\d+">/g)).toHaveLength(1_000);
  // Of each tenant each object that its steps change.
  expect(page.match(/<th>imagestream\/amp-zync<\/th>/g)).toHaveLength(1_000);
  expect(page.match(/<th>dc\/system-app<\/th>/g)).toHaveLength(2_000);
});

test('it has waves, states, durations, what is left to do, and the same words once', async () => {
  const { page } = await pageOf(reportedFleet(40));
  expect(await pageErrors(page)).toEqual([]);
  for (const heading of [
    'Waves over time',
    'Tenants by state',
    'How long steps took',
    'Otherwise than the guide',
  ])
    expect(page.split(`<h2>${heading}</h2>`)).toHaveLength(2);
  expect(page).toMatch(/aria-label="95\.0 %"/);
  // Whoever is left to be looked at is named with where it stands, why, and what to type.
  expect(page).toContain('<a href="#t8">sim1/3scale-tenant-8</a>');
  expect(page).toContain('threescale-upgrade fleet retry prod --tenant sim1/3scale-tenant-8');
  expect(page.split('13 rollouts;')).toHaveLength(2);
});

test('a wave that is done and whose tenants are not upgraded is not shown as a good one', async () => {
  const { page } = await pageOf(reportedFleet(20, 1));
  expect(page).toMatch(/wave-1<\/th>\s*<td>\s*done[\s\S]*?<rect\s+class="failed"/);
});

test('tenants without steps say why, and the document says what it lacks', async () => {
  const fleet = reportedFleet(3, 1);
  const details = async function* () {
    for await (const { line } of fleet.details()) yield { line, missing: 'gone' } as const;
  };
  const { page, err } = await pageOf({ ...fleet, details });
  expect(await pageErrors(page)).toEqual([]);
  expect(page).toContain('<h2>What this report lacks</h2>');
  expect(page).toContain('this is what the fleet remembers');
  expect(err).toEqual([expect.stringContaining('3 tenants without steps')]);
});

test('a summary has a row for each tenant', async () => {
  const { page } = await pageOf(reportedFleet(5, 1), { summary: true });
  expect(await pageErrors(page)).toEqual([]);
  expect(page).not.toContain('<details');
  expect(page).toContain('sim1/3scale-tenant-5');
});
