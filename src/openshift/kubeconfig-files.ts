import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { Document } from 'yaml';
import { LineCounter, parseDocument } from 'yaml';
import { readBounded, UnfitFile } from '../config/bounded-file.ts';
import { doesNotParse } from '../config/does-not-parse.ts';
import { whyNotRead } from '../config/read-yaml.ts';
import { KubeconfigError } from './kubeconfig.ts';

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
  const config = new KubeConfig();
  let endsInNewline = true;
  for (const [index, path] of files.entries()) {
    const text = readText(path);
    const content = readYaml(path, text);
    endsInNewline &&= text.endsWith('\n');
    try {
      const part = index === 0 ? config : new KubeConfig();
      part.loadFromString(content);
      part.makePathsAbsolute(dirname(path));
      if (index > 0) config.mergeConfig(part);
    } catch (error) {
      throw new KubeconfigError(
        `${path} is not a kubeconfig: ${wrongEntry(error)}`,
        'Look at it with: oc config view',
      );
    }
  }
  return { config, endsInNewline };
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
  if (config.getContexts()[0]?.name !== 'loaded-context') return config;
  throw new KubeconfigError(
    `no kubeconfig was found: $KUBECONFIG is not set, and ${join(homedir(), '.kube', 'config')} is not there`,
    'Log in with: oc login, or name a file with --kubeconfig.',
  );
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

/**
 * The file's content as JSON. The library that makes a KubeConfig of it parses it once more, by other rules: of JSON it has
 * nothing to complain about, and so nothing to quote.
 */
function readYaml(path: string, text: string): string {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, resolveKnownTags: false });
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
  if (typeof content.value !== 'object' || content.value === null || !('clusters' in content.value)) {
    throw new KubeconfigError(`${path} is not a kubeconfig: it names no clusters`, hint);
  }
  return content.json;
}

/** Undefined where an alias leads nowhere, or back to itself. The library would say its name, which may be somebody's password. */
function contentOf(document: Document): { readonly value: unknown; readonly json: string } | undefined {
  try {
    const value: unknown = document.toJS();
    return { value, json: JSON.stringify(value) };
  } catch {
    return undefined;
  }
}

/** What is wrong with an entry, in the words of the library where they are known to quote no more than a name. */
function wrongEntry(error: unknown): string {
  const said = error instanceof Error ? error.message : '';
  return /^((clusters|users|contexts)\[\d+\](\.\w+)+ is missing$|Duplicate (cluster|user|context): )/.test(
    said,
  )
    ? said
    : 'its clusters, users or contexts are not as they should be';
}
