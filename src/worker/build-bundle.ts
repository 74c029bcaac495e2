/** Part of `npm run build`: the workflow code as workers load it, plain and encrypting, so that they start without bundling. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { ENCODED_FAILURES } from '../temporal/data-converter.ts';

const root = new URL('../../', import.meta.url);
const workflowsPath = fileURLToPath(new URL('workflows/index.ts', root));
const logger = new DefaultLogger('WARN');
const bundles = {
  'workflow-bundle.js': {},
  'workflow-bundle-encrypted.js': { failureConverterPath: ENCODED_FAILURES },
};
for (const [name, converter] of Object.entries(bundles)) {
  const { code } = await bundleWorkflowCode({ workflowsPath, logger, ...converter });
  writeFileSync(new URL(`dist/${name}`, root), code);
}
