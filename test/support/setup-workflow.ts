import { findDevServer } from '../../src/temporal/dev-server/dev-server-executable.ts';
import { installTestServer } from './test-server.ts';
import { bundleWorkflows } from './time-skipping.ts';

/** Once, before the tests of workflows: what they would otherwise make and fetch side by side. */
export default async function setupWorkflow(): Promise<void> {
  installTestServer();
  // Some look at what only a real server does.
  await findDevServer((line) => process.stderr.write(`${line}\n`));
  for (const encrypts of [false, true]) await bundleWorkflows(undefined, { encrypts });
  await bundleWorkflows('./cheap/index.ts');
}
