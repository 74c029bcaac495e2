import { findDevServer } from '../../src/temporal/dev-server-executable.ts';
import { installTestServer } from './test-server.ts';

/** Once, before all test files: what they would otherwise fetch side by side. */
export default async function globalSetup(): Promise<void> {
  installTestServer();
  await findDevServer((line) => process.stderr.write(`${line}\n`));
}
