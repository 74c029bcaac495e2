/** `npm run build`: dist/, as it is packed. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleNameOf, bundleWorkflows, LOOKING_BUNDLE } from '../worker/workflow-bundle.ts';
import { bundleCommand } from './bundle-command.ts';

const DIST = fileURLToPath(new URL('../../dist/', import.meta.url));

rmSync(DIST, { recursive: true, force: true });
await bundleCommand(DIST);
// The workflow code as workers and looks load it, so that they start without bundling.
const bundles = [false, true].map((encrypts) => ({ name: bundleNameOf(encrypts), encrypts }));
for (const { name, ...options } of [...bundles, LOOKING_BUNDLE])
  writeFileSync(join(DIST, name), await bundleWorkflows(options));
