import { existsSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { KubeConfig } from '@kubernetes/client-node';
import type { Document } from 'yaml';
import { LineCounter, parseDocument } from 'yaml';
import { FileTooLarge, readBounded } from '../config/bounded-file.ts';

/** A kubeconfig, or a name in it, that cannot be used: `message` says what and where, `hint` what to type. */
export class KubeconfigError extends Error {
  readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.name = 'KubeconfigError';
    this.hint = hint;
  }
}

/**
 * Finds it as kubectl does: the file named, else every file of $KUBECONFIG merged, else ~/.kube/config, else the
 * service account of the pod we run in. Throws KubeconfigError, with the line, where it does not parse.
 */
export function loadKubeconfig(file?: string): KubeConfig {
  const config = new KubeConfig();
  const files = file === undefined ? defaultFiles() : [file];
  if (file !== undefined && !existsSync(file)) {
    throw new KubeconfigError(
      `there is no kubeconfig at ${file}`,
      'Name one that is there with --kubeconfig.',
    );
  }
  for (const path of files) checkYaml(path);
  try {
    if (file !== undefined) config.loadFromFile(file);
    else config.loadFromDefault();
  } catch (error) {
    const [path = 'the kubeconfig'] = files;
    throw new KubeconfigError(
      `${path} is not a kubeconfig: ${reason(error)}`,
      'Look at it with: oc config view',
    );
  }
  if (files.length === 0 && config.getContexts()[0]?.name === 'loaded-context') {
    throw new KubeconfigError(
      `no kubeconfig was found: $KUBECONFIG is not set, and ${join(homedir(), '.kube', 'config')} is not there`,
      'Log in with: oc login, or name a file with --kubeconfig.',
    );
  }
  return config;
}

/** Changes whenever a file of it is written: a login that is renewed counts without a restart. */
export function kubeconfigStamp(file?: string): string {
  const files = file === undefined ? defaultFiles() : [file];
  return files
    .map((path) => `${path} ${statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 'gone'}`)
    .join('\n');
}

/** A copy that speaks to one context's cluster. Throws KubeconfigError with the contexts there are. */
export function selectContext(config: KubeConfig, context: string): KubeConfig {
  const names = config.getContexts().map(({ name }) => name);
  if (!names.includes(context)) {
    const known = names.length > 0 ? `it has: ${names.join(', ')}` : 'it has none';
    throw new KubeconfigError(
      `the kubeconfig has no context ${context}; ${known}`,
      'Name one with --context.',
    );
  }
  const selected = new KubeConfig();
  selected.loadFromOptions({
    clusters: config.clusters,
    users: config.users,
    contexts: config.contexts,
    currentContext: context,
  });
  if (!selected.getCurrentCluster()) {
    const cluster = selected.getContextObject(context)?.cluster ?? '';
    throw new KubeconfigError(
      `context ${context} names the cluster ${cluster}, which the kubeconfig does not have`,
      'Look at it with: oc config view',
    );
  }
  return selected;
}

/**
 * The cluster's identity, the same whatever a kubeconfig calls it: host[:port] of its API server, lower case, without
 * the port that https implies.
 */
export function clusterIdentity(config: KubeConfig): string {
  const server = config.getCurrentCluster()?.server ?? '';
  try {
    const { protocol, host } = new URL(server);
    if (protocol === 'https:') return host.toLowerCase();
  } catch {
    // Said below.
  }
  throw new KubeconfigError(
    `the cluster of context ${config.currentContext} has the server "${server}", which is no https:// URL`,
    'Look at it with: oc config view',
  );
}

function defaultFiles(): string[] {
  const listed = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== '');
  return (listed?.length ? listed : [join(homedir(), '.kube', 'config')]).filter((path) => existsSync(path));
}

function checkYaml(path: string): void {
  const lines = new LineCounter();
  let text: string;
  try {
    text = readBounded(path, 'kubeconfig');
  } catch (error) {
    if (error instanceof FileTooLarge)
      throw new KubeconfigError(`${path} ${error.message}`, 'Name another one with --kubeconfig.');
    throw new KubeconfigError(
      `${path} cannot be read: ${reason(error)}`,
      'Name another one with --kubeconfig.',
    );
  }
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const [problem] = document.errors;
  const hint = 'Put it right, or name another one with --kubeconfig.';
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new KubeconfigError(
      `${path}:${line}:${col} does not parse: ${withoutContent(problem.message)}`,
      hint,
    );
  }
  const content = contentOf(document);
  if (content === undefined) {
    throw new KubeconfigError(
      `${path} does not parse: it has an alias (*…) that leads nowhere; a value that begins with * must be quoted`,
      hint,
    );
  }
  if (typeof content !== 'object' || content === null || !('clusters' in content)) {
    throw new KubeconfigError(`${path} is not a kubeconfig: it names no clusters`, hint);
  }
}

/** What the library quotes of the file, after a colon or as an escape, may be somebody's password. */
const withoutContent = (message: string): string => message.split(/(?<=\w):\s|\s\\/)[0] ?? '';

/** Undefined where an alias leads nowhere. The library would say its name, which may be somebody's password. */
function contentOf(document: Document): unknown {
  try {
    return document.toJS() as unknown;
  } catch {
    return undefined;
  }
}

const reason = (error: unknown): string => (error instanceof Error ? error.message : String(error));
