import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { parse } from 'yaml';
import type { FileKind } from '../../config/reading/bounded-file.ts';
import { readBounded } from '../../config/reading/bounded-file.ts';
import type { Names, Typed } from './complete.ts';
import type * as temporalNames from './temporal-names.ts';

/** Names as they are at hand: of the kubeconfig, of the fleet file that was typed, and of a Temporal that runs. */
export const namesAtHand: Names = async (kind, typed) => {
  switch (kind) {
    case 'context':
      return contextsOf(typed).map(({ name }) => name);
    case 'namespace': {
      const ofContexts = contextsOf(typed)
        .filter(({ name }) => typed.context === undefined || name === typed.context)
        .flatMap(({ namespace }) => namespace ?? []);
      return [...ofContexts, ...(await fromTemporal((names) => names.namespaces()))];
    }
    case 'fleet':
      return fromTemporal((names) => names.fleets());
    case 'tenant':
    case 'wave': {
      const { file, fleet } = typed;
      if (file !== undefined) return inFleetFile(file, kind);
      return fleet === undefined ? [] : fromTemporal((names) => names.ofFleet(fleet, kind));
    }
    case 'file':
      return [];
  }
};

/** What talks to Temporal is loaded only where it is asked. */
async function fromTemporal(
  ask: (names: typeof temporalNames) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  return ask(await import('./temporal-names.ts'));
}

interface Context {
  readonly name: string;
  readonly namespace?: string;
}

/** Of every file that kubectl would read; one that cannot be read has none. */
function contextsOf({ kubeconfig }: Typed): Context[] {
  const files =
    kubeconfig === undefined
      ? (process.env['KUBECONFIG'] || join(homedir(), '.kube', 'config')).split(delimiter).filter(Boolean)
      : [kubeconfig];
  return files.flatMap((file) =>
    listIn(readYaml(file, 'kubeconfig'), 'contexts').flatMap((entry): Context[] => {
      const name = textIn(entry, 'name');
      const namespace = textIn(fieldOf(entry, 'context'), 'namespace');
      return name === undefined ? [] : [{ name, ...(namespace === undefined ? {} : { namespace }) }];
    }),
  );
}

function inFleetFile(file: string, kind: 'tenant' | 'wave'): string[] {
  const fleet = readYaml(file, 'fleet');
  if (kind === 'wave') return listIn(fleet, 'waves').flatMap((wave) => textIn(wave, 'name') ?? []);
  return listIn(fleet, 'tenants').flatMap((tenant) => {
    const cluster = textIn(tenant, 'cluster') ?? textIn(tenant, 'context');
    return textIn(tenant, 'name') ?? [cluster, textIn(tenant, 'namespace')].join('/');
  });
}

function readYaml(file: string, kind: FileKind): unknown {
  try {
    return parse(readBounded(file, kind));
  } catch {
    return undefined;
  }
}

const fieldOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;

function listIn(value: unknown, key: string): readonly unknown[] {
  const list = fieldOf(value, key);
  return Array.isArray(list) ? list : [];
}

function textIn(value: unknown, key: string): string | undefined {
  const text = fieldOf(value, key);
  return typeof text === 'string' ? text : undefined;
}
