import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import type { Lab } from './lab.ts';

interface Kubeconfig {
  readonly contexts: readonly { readonly name: string }[];
}

/** A kubeconfig with some of the lab's contexts, as the people of one network have it. */
export function splitKubeconfig(lab: Lab, contexts: readonly string[]): string {
  const whole = parse(readFileSync(lab.kubeconfig, 'utf8')) as Kubeconfig;
  const file = join(lab.folder, `${contexts.join('-')}.yaml`);
  const kept = whole.contexts.filter(({ name }) => contexts.includes(name));
  writeFileSync(file, stringify({ ...whole, contexts: kept, 'current-context': kept[0]?.name ?? '' }));
  return file;
}
