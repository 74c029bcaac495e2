import { fileURLToPath } from 'node:url';
import type { ClientOptions, ConnectionPlugin } from '@temporalio/client';
import { TestWorkflowEnvironment } from '@temporalio/testing';
import type { WorkflowBundle } from '@temporalio/worker';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { findDevServer } from '../../src/temporal/dev-server/dev-server-executable.ts';
import { bundleOfSources } from '../../src/worker/workflow-bundle.ts';
import { installTestServer } from './test-server.ts';

/** Scripted faults would fill the log with warnings. */
const logger = new DefaultLogger('ERROR');

const MOST_TRIES = 12;

/**
 * This server takes pings more often than every five minutes for an attack and hangs up; what was asked in that moment is
 * never answered. The client pings every 30 seconds: a test file that takes longer than a minute would hang now and then.
 */
const quiet: ConnectionPlugin = {
  name: 'no-pings',
  configureConnection: (options) => ({
    ...options,
    channelArgs: { ...options.channelArgs, 'grpc.keepalive_time_ms': 60 * 60_000 },
  }),
};

/** Once per process. On this machine's Java where that is there (test-server.ts); the SDK downloads its own server elsewhere. */
export async function createTimeSkippingEnvironment(
  client: Pick<ClientOptions, 'dataConverter'> = {},
): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  const path = installTestServer();
  for (let tries = 1; ; tries += 1) {
    try {
      return await TestWorkflowEnvironment.createTimeSkipping({
        client,
        plugins: [quiet],
        ...(path === undefined ? {} : { server: { executable: { type: 'existing-path', path } } }),
      });
    } catch (error) {
      // The SDK gives it five seconds, which a machine that does other things may not have.
      if (tries === MOST_TRIES) throw error;
    }
  }
}

/** A dev server of its own, for what the time-skipping server does not do. */
export async function createDevEnvironment(
  client: Pick<ClientOptions, 'dataConverter'> = {},
): Promise<TestWorkflowEnvironment> {
  Runtime.install({ logger, telemetryOptions: { logging: { filter: 'ERROR', forward: {} } } });
  const path = await findDevServer(() => undefined);
  return TestWorkflowEnvironment.createLocal({
    client,
    server: { executable: { type: 'existing-path', path } },
  });
}

/** `encrypts`: as workers have them whose payloads are encrypted. */
export function bundleWorkflows(
  path = '../../workflows/index.ts',
  { encrypts = false }: { readonly encrypts?: boolean } = {},
): Promise<WorkflowBundle> {
  return bundleOfSources({ encrypts, workflowsPath: fileURLToPath(new URL(path, import.meta.url)) });
}
