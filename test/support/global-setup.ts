import { installTestServer } from './test-server.ts';

/** Once, before all test files: what they would otherwise fetch side by side. */
export default function globalSetup(): void {
  installTestServer();
}
