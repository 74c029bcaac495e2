import { findDevServer } from '../../src/temporal/dev-server/dev-server-executable.ts';
import { loadLookingBundle, loadWorkflowBundle } from '../../src/worker/workflow-bundle.ts';

/** Once, before the tests that run commands and Temporal's dev server: what they would otherwise make and fetch side by side. */
export default async function setupEndToEnd(): Promise<void> {
  await findDevServer((line) => process.stderr.write(`${line}\n`));
  for (const encrypts of [false, true]) await loadWorkflowBundle({ encrypts });
  await loadLookingBundle();
}
