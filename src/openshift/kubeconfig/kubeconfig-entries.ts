import { isAbsolute, resolve } from 'node:path';
import type { Cluster, Context, User } from '@kubernetes/client-node';
import { z } from 'zod';

/** Go reads null as if the field were not there, and so does kubectl. */
const text = z.string().nullish();
const flag = z.boolean().nullish();

const execSchema = z.object({
  apiVersion: text,
  command: text,
  args: z.array(z.string()).nullish(),
  env: z.array(z.object({ name: z.string(), value: text })).nullish(),
  installHint: text,
  interactiveMode: text,
  provideClusterInfo: flag,
});

const clusterSchema = z.object({
  server: text,
  'certificate-authority': text,
  'certificate-authority-data': text,
  'insecure-skip-tls-verify': flag,
  'tls-server-name': text,
  'proxy-url': text,
  extensions: z.array(z.object({ name: text, extension: z.unknown() })).nullish(),
});

const userSchema = z.object({
  'client-certificate': text,
  'client-certificate-data': text,
  'client-key': text,
  'client-key-data': text,
  token: text,
  tokenFile: text,
  username: text,
  password: text,
  as: text,
  'as-uid': text,
  'as-groups': z.array(z.string()).nullish(),
  'as-user-extra': z.record(z.string(), z.array(z.string())).nullish(),
  'auth-provider': z
    .looseObject({ config: z.looseObject({ exec: execSchema.nullish() }).nullish() })
    .nullish(),
  exec: execSchema.nullish(),
});

const contextSchema = z.object({ cluster: text, user: text, namespace: text });

const name = z.string().min(1, 'is missing');
const fileSchema = z.object({
  clusters: z.array(z.object({ name, cluster: clusterSchema.nullish() })).nullish(),
  users: z.array(z.object({ name, user: userSchema.nullish() })).nullish(),
  contexts: z.array(z.object({ name, context: contextSchema.nullish() })).nullish(),
  'current-context': text,
});

/** A plugin that is asked for credentials, as the kubeconfig describes it. */
export type ExecConfig = z.output<typeof execSchema>;

/** What the library knows of a cluster, and what kubectl knows beyond it. */
export interface KubeconfigCluster extends Cluster {
  /** Where it stands. */
  readonly file: string;
  /** What the cluster has to tell an exec plugin that asks for it (`provideClusterInfo`). */
  readonly pluginConfig?: unknown;
}

/** What the library knows of a user, and what kubectl knows beyond it. */
export interface KubeconfigUser extends User {
  /** Where it stands. */
  readonly file: string;
  readonly tokenFile?: string | undefined;
  readonly exec?: ExecConfig | undefined;
  readonly impersonateUid?: string | undefined;
  readonly impersonateGroups?: readonly string[] | undefined;
  readonly impersonateExtra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** What one file of a kubeconfig holds, or all of them together. */
export interface KubeconfigEntries {
  readonly clusters: readonly KubeconfigCluster[];
  readonly users: readonly KubeconfigUser[];
  readonly contexts: readonly Context[];
  readonly currentContext: string | undefined;
}

/** What is wrong with an entry: where, and what was expected, but nothing of what stands there. */
export class WrongEntry extends Error {}

/**
 * Throws WrongEntry where kubectl would not read the file either: a field of another type, or one name twice. An entry
 * that lacks something is no error before it is used.
 */
export function readEntries(file: string, content: unknown): KubeconfigEntries {
  const { data, error } = fileSchema.safeParse(content ?? {});
  if (!data) throw new WrongEntry(wrong(error.issues[0]));
  const { clusters, users, contexts } = data;
  once('clusters', clusters);
  once('users', users);
  once('contexts', contexts);
  // Relative paths are those of the file: client-go, clientcmd.ResolveLocalPaths.
  const beside = (path: string): string => resolve(file, '..', path);
  return {
    clusters: (clusters ?? []).map((entry) => clusterOf(entry.name, { file, beside, ...entry.cluster })),
    users: (users ?? []).map((entry) => userOf(entry.name, { file, beside, ...entry.user })),
    contexts: (contexts ?? []).map(({ name: called, context }) => ({
      name: called,
      cluster: context?.cluster ?? '',
      user: context?.user ?? '',
      ...given({ namespace: context?.namespace }),
    })),
    currentContext: data['current-context'] || undefined,
  };
}

interface Place {
  readonly file: string;
  readonly beside: (path: string) => string;
}

function clusterOf(
  called: string,
  cluster: Place & Partial<z.output<typeof clusterSchema>>,
): KubeconfigCluster {
  const { file, beside } = cluster;
  const told = cluster.extensions?.find((one) => one.name === 'client.authentication.k8s.io/exec');
  const caData = cluster['certificate-authority-data'] || undefined;
  const caFile = cluster['certificate-authority'];
  return {
    name: called,
    file,
    server: (cluster.server ?? '').replace(/\/$/, ''),
    skipTLSVerify: cluster['insecure-skip-tls-verify'] ?? false,
    ...given({
      caData,
      // What stands in the file goes before another one: the library has it the other way round.
      caFile: caFile && caData === undefined ? beside(caFile) : undefined,
      tlsServerName: cluster['tls-server-name'],
      proxyUrl: cluster['proxy-url'],
      pluginConfig: told?.extension,
    }),
  };
}

function userOf(called: string, user: Place & Partial<z.output<typeof userSchema>>): KubeconfigUser {
  const { file, beside, 'auth-provider': provider } = user;
  const old = provider?.config?.exec;
  // client-go never had it as an auth-provider; the library took it, and so do we.
  const exec =
    user.exec ?? (old && { ...old, apiVersion: old.apiVersion ?? 'client.authentication.k8s.io/v1beta1' });
  const certData = user['client-certificate-data'] || undefined;
  const keyData = user['client-key-data'] || undefined;
  const certFile = user['client-certificate'];
  const keyFile = user['client-key'];
  return {
    name: called,
    file,
    ...given({
      certData,
      certFile: certFile && certData === undefined ? beside(certFile) : undefined,
      keyData,
      keyFile: keyFile && keyData === undefined ? beside(keyFile) : undefined,
      token: user.token,
      tokenFile: user.tokenFile ? beside(user.tokenFile) : undefined,
      username: user.username,
      password: user.password,
      impersonateUser: user.as,
      impersonateUid: user['as-uid'],
      impersonateGroups: user['as-groups'],
      impersonateExtra: user['as-user-extra'],
      authProvider: old ? undefined : provider,
      exec: exec ? { ...exec, command: commandOf(exec, beside) } : undefined,
    }),
  };
}

/** One without a slash is looked for on PATH: client-go, clientcmd.GetAuthInfoFileReferences. */
function commandOf({ command }: ExecConfig, beside: (path: string) => string): string {
  const said = command ?? '';
  return said.includes('/') && !isAbsolute(said) ? beside(said) : said;
}

type Given<T> = { [K in keyof T]?: NonNullable<T[K]> };

/** Only what is there. */
function given<T extends object>(fields: T): Given<T> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== null && value !== undefined && value !== ''),
  ) as Given<T>;
}

/** Throws WrongEntry: kubectl reads no file in which a name stands twice. */
function once(kind: string, entries: readonly { readonly name: string }[] | null | undefined): void {
  const names = new Set<string>();
  for (const { name: called } of entries ?? []) {
    if (names.has(called)) throw new WrongEntry(`${kind} has two of the name ${called}`);
    names.add(called);
  }
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'text; a number, true and false must be quoted',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  record: 'a map',
};

function wrong(issue: z.core.$ZodIssue | undefined): string {
  const place = (issue?.path ?? [])
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .slice(1);
  if (issue?.code === 'too_small' || issue?.message.endsWith('received undefined'))
    return `${place} is missing`;
  const expected = issue?.code === 'invalid_type' ? EXPECTED[issue.expected] : undefined;
  return `${place || 'its content'} must be ${expected ?? 'something else'}`;
}
