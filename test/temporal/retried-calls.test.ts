import { expect, test } from '@jest/globals';
import { Connection } from '@temporalio/client';
import { clientWay } from '../../src/temporal/way.ts';

test('a call that is being tried again when its connection is closed is cancelled, and ends nothing else', async () => {
  const connection = Connection.lazy({ ...clientWay({ address: '127.0.0.1:1' }), connectTimeout: 200 });
  const call = connection.withDeadline(Date.now() + 60_000, () =>
    connection.workflowService.describeNamespace({ namespace: 'default' }),
  );
  const ended = expect(call).rejects.toMatchObject({ code: 1, details: 'Channel has been shut down' });
  // The first try has failed by then, and another one comes: as many as there may be.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await connection.close();
  await ended;
});

test('so is one that is made after that', async () => {
  const connection = Connection.lazy(clientWay({ address: '127.0.0.1:1' }));
  await connection.close();
  const call = connection.workflowService.describeNamespace({ namespace: 'default' });
  await expect(call).rejects.toMatchObject({ code: 1 });
});
