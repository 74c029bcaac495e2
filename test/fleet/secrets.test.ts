import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { revertTenantsUpdate } from '../../workflows/fleet/messages.ts';
import { FleetLab } from '../support/fleet-lab.ts';
import { holds, reverts } from '../support/fleet-trouble.ts';
import { OPERATOR, PATH_WITH_IMPERSONATION as path } from '../support/upgrade-input.ts';

let lab: FleetLab;

beforeAll(async () => {
  lab = await FleetLab.open();
});

afterAll(() => lab.close());

const SECRET = 'c4n-n0t-b3-f0und';

test('no value of a Secret is in any history of a fleet or its tenants', async () => {
  const fleet = await lab.start(
    {
      waves: [{ tenants: ['a', 'b', 'c'] }, { tenants: ['d'], soakMinutes: 10 }],
      path,
      retries: { transientAttempts: 3, outcomeAttempts: 1 },
    },
    {
      prepare: (tenant) => {
        for (const name of ['a', 'b', 'c', 'd']) tenant(name).installation.secrets.set('ours', SECRET);
        reverts(tenant('b'));
        holds(tenant('c'));
      },
    },
  );
  await fleet.until(({ counts }) => counts.held === 1 && counts.upgraded >= 1);
  const confirm = fleet.spec.name;
  await fleet.handle.executeUpdate(revertTenantsUpdate, { args: [{ ...OPERATOR, wave: 'wave-1', confirm }] });
  await fleet.until(({ counts }) => counts['rolled-back'] >= 1 && counts.held === 0);
  expect([...fleet.tenant('a').installation.secrets.values()].join()).toContain(SECRET);
  const handles = [
    fleet.handle,
    ...fleet.spec.tenants.slice(0, 3).map(({ namespace }) => lab.upgrade(fleet.spec, namespace)),
  ];
  for (const handle of handles) {
    const history = await handle.fetchHistory();
    expect(history.events?.length).toBeGreaterThan(10);
    const text = plainOf(history);
    expect(text).not.toContain(Buffer.from('binary/gzip').toString('base64'));
    expect(text).toContain('sim1.example.com');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(Buffer.from(SECRET).toString('base64'));
  }
});

/** A history with the text of every payload in it; none is so large that it travels compressed. */
function plainOf(history: Parameters<typeof historyToJSON>[0]): string {
  return historyToJSON(history).replaceAll(/"data":\s*"([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
}
