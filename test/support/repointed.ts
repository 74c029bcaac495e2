import { parse, stringify } from 'yaml';

interface Kubeconfig {
  readonly contexts: readonly {
    readonly name: string;
    readonly context: { readonly cluster: string; readonly user: string };
  }[];
}

/** A kubeconfig in which one context leads to where another one does, with that one's identity. */
export function repointed(kubeconfig: string, context: string, elsewhere: string): string {
  const { contexts, ...rest } = parse(kubeconfig) as Kubeconfig;
  const target = contexts.find(({ name }) => name === elsewhere)?.context;
  if (!target) throw new Error(`there is no context ${elsewhere}`);
  const moved = contexts.map((one) => (one.name === context ? { ...one, context: target } : one));
  return stringify({ ...rest, contexts: moved });
}
