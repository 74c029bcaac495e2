import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { Document } from 'yaml';
import { LineCounter, parseDocument } from 'yaml';
import { readBounded, UnfitFile } from '../../config/reading/bounded-file.ts';
import { doesNotParse } from '../../config/reading/does-not-parse.ts';
import { whyNotRead } from '../../config/reading/read-text.ts';
import type { KubeconfigEntries, KubeconfigUser } from './kubeconfig-entries.ts';
import { readEntries, WrongEntry } from './kubeconfig-entries.ts';
import { copyOf, KubeconfigError } from './kubeconfig.ts';

/** What the files of a kubeconfig hold. */
export interface KubeconfigContent {
  readonly config: KubeConfig;
  /** Every file ends as a text does: one that used to, and no longer does, may be half written. */
  readonly endsInNewline: boolean;
}

/**
 * Finds it as kubectl does: the file named, else every file of $KUBECONFIG merged, else ~/.kube/config, else the
 * service account of the pod we run in. Throws KubeconfigError, with the line, where it does not parse.
 */
export function readKubeconfig(file?: string): KubeconfigContent {
  if (file !== undefined && !existsSync(file)) {
    throw new KubeconfigError(
      `there is no kubeconfig at ${file}`,
      'Name one that is there with --kubeconfig.',
    );
  }
  const files = filesOf(file);
  if (files.length === 0) return { config: withoutFiles(), endsInNewline: true };
  let endsInNewline = true;
  let namesClusters = false;
  const parts = files.map((path) => {
    const text = readText(path);
    endsInNewline &&= text.endsWith('\n');
    const content = readYaml(path, text);
    namesClusters ||= typeof content === 'object' && content !== null && 'clusters' in content;
    return entriesOf(path, content);
  });
  if (!namesClusters) {
    const [what, names] = files.length === 1 ? ['is not a kubeconfig: it', 'names'] : ['together', 'name'];
    throw new KubeconfigError(
      `${files.join(', ')} ${what} ${names} no clusters`,
      'Put it right, or name another one with --kubeconfig.',
    );
  }
  return { config: merged(parts), endsInNewline };
}

function entriesOf(path: string, content: unknown): KubeconfigEntries {
  try {
    return readEntries(path, content);
  } catch (error) {
    if (!(error instanceof WrongEntry)) throw error;
    throw new KubeconfigError(
      `${path} is not a kubeconfig: ${error.message}`,
      'Put it right, or name another one with --kubeconfig.',
    );
  }
}

/**
 * The first file that has a name, or a current context, has it as a whole; nothing of a later one is added to it:
 * https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 */
function merged(parts: readonly KubeconfigEntries[]): KubeConfig {
  const config = new KubeConfig();
  config.loadFromOptions({
    clusters: firstOfEach(parts.flatMap(({ clusters }) => clusters)),
    users: firstOfEach(parts.flatMap(({ users }) => users)),
    contexts: firstOfEach(parts.flatMap(({ contexts }) => contexts)),
    currentContext: parts.find(({ currentContext }) => currentContext !== undefined)?.currentContext,
  });
  return config;
}

function firstOfEach<T extends { readonly name: string }>(entries: readonly T[]): T[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.name, entry])).values()].toReversed();
}

/** Of the pod we run in. */
function withoutFiles(): KubeConfig {
  const listed = process.env.KUBECONFIG;
  if (listed) {
    throw new KubeconfigError(
      `no kubeconfig was found: of the files of $KUBECONFIG (${listed}) none is there`,
      'Log in with: oc login, or name a file with --kubeconfig.',
    );
  }
  const config = new KubeConfig();
  config.loadFromDefault();
  if (config.getContexts()[0]?.name !== 'loaded-context') return asFile(config);
  throw new KubeconfigError(
    `no kubeconfig was found: $KUBECONFIG is not set, and ${join(homedir(), '.kube', 'config')} is not there`,
    'Log in with: oc login, or name a file with --kubeconfig.',
  );
}

/** As a file would say it: the token is read anew as it rotates. */
function asFile(config: KubeConfig): KubeConfig {
  const users = config.getUsers().map(({ name, authProvider }): KubeconfigUser => {
    const { tokenFile } = (authProvider as { readonly config: { readonly tokenFile: string } }).config;
    return { name, file: 'the service account of the pod', tokenFile };
  });
  return copyOf(config, { users });
}

/** Changes whenever one of its files is written or replaced, also within one tick of the file system's clock. */
export function kubeconfigStamp(file?: string): string {
  return filesOf(file).map(stampOf).join('\n');
}

/** Changes whenever a certificate or a key is renewed that the kubeconfig names as a file. */
export function certificatesStamp(config: KubeConfig): string {
  const files = [
    ...config.getClusters().map(({ caFile }) => caFile),
    ...config.getUsers().flatMap(({ certFile, keyFile }) => [certFile, keyFile]),
  ];
  return files.map((path) => (path ? stampOf(path) : '')).join('\n');
}

function stampOf(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  const { mtimeMs, ctimeMs, size, dev, ino } = found ?? {};
  return JSON.stringify([path, mtimeMs, ctimeMs, size, dev, ino]);
}

/** Those that are there; none: we may be in a pod. */
function filesOf(file?: string): string[] {
  if (file !== undefined) return [file];
  const listed = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== '');
  return (listed?.length ? listed : [join(homedir(), '.kube', 'config')]).filter((path) => existsSync(path));
}

function readText(path: string): string {
  try {
    return readBounded(path, 'kubeconfig');
  } catch (error) {
    if (error instanceof UnfitFile)
      throw new KubeconfigError(`${path} ${error.message}`, 'Name another one with --kubeconfig.');
    throw new KubeconfigError(
      `${path} cannot be read: ${whyNotRead(error)}`,
      'Name another one with --kubeconfig.',
    );
  }
}

/** What stands in the file; undefined where that is nothing. */
function readYaml(path: string, text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    resolveKnownTags: false,
    merge: true,
  });
  // A warning is a tag that nobody knows: mostly a value that begins with an exclamation mark and is not quoted.
  const [problem] = [...document.errors, ...document.warnings];
  const hint =
    'Put it right, or name another one with --kubeconfig; a value of special characters must be quoted.';
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new KubeconfigError(doesNotParse(path, { line, column: col, code: problem.code }), hint);
  }
  const content = contentOf(document);
  if (content === undefined) {
    throw new KubeconfigError(
      `${path} does not parse: it has an alias (*…) that leads nowhere; a value that begins with * must be quoted`,
      hint,
    );
  }
  return content.value ?? undefined;
}

/** Undefined where an alias leads nowhere, or back to itself. The library would say its name, which may be somebody's password. */
function contentOf(document: Document): { readonly value: unknown } | undefined {
  try {
    const value: unknown = document.toJS();
    // One that leads back to itself is found by who writes it down.
    JSON.stringify(value);
    return { value };
  } catch {
    return undefined;
  }
}
