/** Part of `npm run build`: the workflow code as workers and looks load it, so that they start without bundling. */
import { writeFileSync } from 'node:fs';
import { bundleNameOf, bundleWorkflows, LOOKING_BUNDLE } from './workflow-bundle.ts';

const bundles = [false, true].map((encrypts) => ({ name: bundleNameOf(encrypts), encrypts }));
for (const { name, ...options } of [...bundles, LOOKING_BUNDLE])
  writeFileSync(new URL(`../../dist/${name}`, import.meta.url), await bundleWorkflows(options));
