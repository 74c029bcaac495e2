import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ServiceError } from '@temporalio/client';
import picocolors from 'picocolors';
import type { TenantProgress } from '../../src/domain/tenant/progress.ts';
import { reportStore } from '../../src/reports/find-store.ts';
import { keptReports } from '../../src/reports/kept-reports.ts';
import type { Session } from '../../src/cli/session.ts';
import type { Upgrade } from '../../src/cli/tenant/upgrades.ts';
import { readProgress } from '../../src/cli/tenant/upgrades.ts';
import { NoWorker } from '../../src/cli/workflows.ts';
import { setEnv } from '../support/set-env.ts';

const home = mkdtempSync(join(tmpdir(), 'threescale-upgrade-test-'));
let putBack: () => void;
beforeAll(() => {
  putBack = setEnv({ THREESCALE_UPGRADE_HOME: home });
});
afterAll(() => {
  putBack();
  rmSync(home, { recursive: true });
});

const tenant = { cluster: 'api.example.test:6443', context: 'prod', namespace: '3scale' };
const aborted: TenantProgress = {
  tenant,
  from: '2.3',
  to: '2.4',
  pathHash: 'abc',
  state: 'aborted',
  startedAt: '2026-11-27T04:00:00.000Z',
  endedAt: '2026-11-27T04:01:00.000Z',
  steps: [],
  findings: [],
  pastPointOfNoReturn: false,
  leftovers: [],
  journal: [],
};

/** An upgrade that ran when it was looked at; by the time it is asked, it is as `now` says, and its worker has gone. */
function upgradeWhoseWorkerHasGone(now: string): { session: Session; upgrade: Upgrade } {
  const description = (name: string): object => ({
    workflowId: 'upgrade/it',
    runId: 'run-1',
    status: { name },
  });
  const handle = {
    query: () => Promise.reject(new ServiceError('no poller seen for task queue recently')),
    describe: () => Promise.resolve(description(now)),
    result: () => Promise.resolve(aborted),
  };
  const client = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    workflow: { getHandle: () => handle },
  };
  const io = { out: () => undefined, err: () => undefined, interactive: false, colors: picocolors };
  const target = { embedded: true, address: '127.0.0.1:7233' };
  return {
    session: { io, target, client } as unknown as Session,
    upgrade: { tenant, handle, description: description('RUNNING') } as unknown as Upgrade,
  };
}

test('one that another command’s worker has carried to its end is said to have ended so, and its report is kept', async () => {
  const { session, upgrade } = upgradeWhoseWorkerHasGone('COMPLETED');
  expect(await readProgress(session, upgrade)).toEqual(aborted);
  expect(await keptReports(reportStore(), tenant)).toEqual([
    { version: 1, runId: 'run-1', progress: aborted },
  ]);
});

test('one that has not ended stands still, and looking is offered besides what lets it go on', async () => {
  const { session, upgrade } = upgradeWhoseWorkerHasGone('RUNNING');
  const asked = readProgress(session, upgrade);
  await expect(asked).rejects.toThrow(NoWorker);
  await expect(asked).rejects.toMatchObject({
    hint: expect.stringMatching(/threescale-upgrade status .*\n.*threescale-upgrade start /),
  });
});
