/** Part of `npm run build`: the workflow code as workers load it, plain and encrypting, so that they start without bundling. */
import { writeFileSync } from 'node:fs';
import { bundleNameOf, bundleWorkflows } from './workflow-bundle.ts';

for (const encrypts of [false, true])
  writeFileSync(
    new URL(`../../dist/${bundleNameOf(encrypts)}`, import.meta.url),
    await bundleWorkflows({ encrypts }),
  );
