/** Part of `npm run build`: the workflow code as workers load it, so that they start without bundling. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = new URL('../../', import.meta.url);
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('workflows/index.ts', root)),
  logger: new DefaultLogger('WARN'),
});
writeFileSync(new URL('dist/workflow-bundle.js', root), code);
