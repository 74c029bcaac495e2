import type { CloudEvent } from '../../src/notify/cloud-event.ts';
import { retryUpdate } from '../../workflows/tenant/messages.ts';
import { FakeTenant } from '../support/fake-tenant.ts';
import type { HttpReceiver } from '../support/http-receiver.ts';
import { httpReceiver } from '../support/http-receiver.ts';
import { OPERATOR } from '../support/upgrade-input.ts';
import { UpgradeLab } from '../support/upgrade-lab.ts';

let lab: UpgradeLab;
let there: HttpReceiver;

beforeAll(async () => {
  [lab, there] = await Promise.all([UpgradeLab.open(), httpReceiver()]);
});

afterAll(async () => {
  await lab.close();
  await there.close();
});

test('an upgrade that belongs to no fleet tells that it is held, and as what it has ended', async () => {
  const tenant = new FakeTenant();
  tenant.script.fail({ call: 'setImage set-memcache-image', type: 'Forbidden', times: 1 });
  const notify = [{ name: 'ops', webhook: { url: there.url } }];
  const upgrade = await lab.start({ tenant, onFailure: 'hold', notify });
  const { told = [] } = await upgrade.until(({ told: log = [] }) => log.length === 1);
  expect(told).toMatchObject([{ receiver: 'ops', occasion: 'on-held', outcome: 'sent' }]);
  await upgrade.handle.executeUpdate(retryUpdate, { args: [OPERATOR] });
  const progress = await upgrade.result();
  expect(progress.state).toBe('upgraded');
  // What is told as it ends may come after its end.
  while (there.received.length < 2) await new Promise((resolve) => setTimeout(resolve, 20));
  const [held, ended] = there.received.map(({ body }) => JSON.parse(body) as CloudEvent);
  expect(held).toMatchObject({ type: 'threescale-upgrade.tenant.held' });
  expect(held?.data.text).toMatch(/^Tenant .*: held, and needs a decision\nset-memcache-image: Forbidden: /);
  expect(ended?.data.text).toMatch(/^Tenant .*: has ended: upgraded\nTook /);
});
