import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { childEnvironment } from '../../child-environment.ts';
import { CredentialsError } from './credentials-error.ts';
import { foreignWords } from '../foreign-words.ts';
import type { ExecConfig, KubeconfigCluster } from './kubeconfig-entries.ts';
import { isOpaque, namesSecret, withoutSecrets } from '../without-secrets.ts';

/** Long enough for somebody to log in with a browser. */
const ANSWERS_WITHIN_MS = 5 * 60_000;
const LARGEST_BYTES = 1024 * 1024;
/** Much more than is shown of it. */
const LOOKED_THROUGH = 8 * 1024;

const answerSchema = z.object({
  apiVersion: z.string(),
  kind: z.literal('ExecCredential'),
  status: z.object({
    token: z.string().nullish(),
    clientCertificateData: z.string().nullish(),
    clientKeyData: z.string().nullish(),
    expirationTimestamp: z.string().nullish(),
  }),
});

/** What a plugin gives. */
export interface PluginCredentials {
  readonly token: string | undefined;
  /** PEM, as its key. */
  readonly certificate: string | undefined;
  readonly key: string | undefined;
  /** Absent: it does not say. */
  readonly expiresMs: number | undefined;
}

/**
 * Runs an exec plugin as client-go does: https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins.
 * It has no terminal, and none of Temporal's credentials or the tool's own secrets in its environment, unless the
 * kubeconfig itself gives them to it. Rejects with CredentialsError.
 */
export async function runPlugin(exec: ExecConfig, cluster: KubeconfigCluster): Promise<PluginCredentials> {
  if (exec.interactiveMode === 'Always') {
    throw new CredentialsError(
      `${nameOf(exec)} needs a terminal (interactiveMode: Always), and gets none here`,
    );
  }
  return readAnswer(exec, await outputOf(exec, cluster));
}

function outputOf(exec: ExecConfig, cluster: KubeconfigCluster): Promise<string> {
  const { command, args, env } = exec;
  const own = Object.fromEntries((env ?? []).map(({ name, value }) => [name, value ?? '']));
  const info = JSON.stringify(askedOf(exec, cluster));
  return new Promise((resolve, reject) => {
    // It may not listen to SIGTERM, and what it has started may keep its output open: it is not waited for.
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new CredentialsError(tooLate(exec)));
    }, ANSWERS_WITHIN_MS);
    timer.unref();
    const child = execFile(
      command ?? '',
      [...(args ?? [])],
      {
        env: { ...childEnvironment(), ...own, KUBERNETES_EXEC_INFO: info },
        killSignal: 'SIGKILL',
        maxBuffer: LARGEST_BYTES,
      },
      (error, stdout, stderr) => {
        clearTimeout(timer);
        if (error) reject(new CredentialsError(whyFailed(exec, error, { stdout, stderr })));
        else resolve(stdout);
      },
    );
    // One that is not there has no input.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end();
  });
}

/** What client-go tells it. */
function askedOf({ apiVersion, provideClusterInfo }: ExecConfig, cluster: KubeconfigCluster): object {
  return {
    apiVersion,
    kind: 'ExecCredential',
    spec: { interactive: false, ...(provideClusterInfo ? { cluster: infoOf(cluster) } : {}) },
  };
}

function infoOf({ server, caData, caFile, pluginConfig, ...cluster }: KubeconfigCluster): object {
  return {
    server,
    'tls-server-name': cluster.tlsServerName,
    'insecure-skip-tls-verify': cluster.skipTLSVerify || undefined,
    'certificate-authority-data': caFile === undefined ? caData : readFileSync(caFile).toString('base64'),
    'proxy-url': cluster.proxyUrl,
    config: pluginConfig ?? null,
  };
}

function readAnswer(exec: ExecConfig, stdout: string): PluginCredentials {
  const { data } = answerSchema.safeParse(parse(stdout));
  if (!data) throw new CredentialsError(`${nameOf(exec)} does not answer with an ExecCredential`);
  if (data.apiVersion !== exec.apiVersion) {
    throw new CredentialsError(
      `${nameOf(exec)} answers in another version than ${exec.apiVersion ?? 'none'}, which the kubeconfig asks for`,
    );
  }
  const { token, clientCertificateData, clientKeyData, expirationTimestamp } = data.status;
  if (!token && !clientCertificateData)
    throw new CredentialsError(`${nameOf(exec)} gives neither a token nor a certificate`);
  if (Boolean(clientCertificateData) !== Boolean(clientKeyData))
    throw new CredentialsError(`${nameOf(exec)} gives one of certificate and key, and not the other`);
  const expiresMs = expirationTimestamp ? Date.parse(expirationTimestamp) : undefined;
  if (Number.isNaN(expiresMs))
    throw new CredentialsError(`${nameOf(exec)} gives an expirationTimestamp that is none`);
  return {
    token: token || undefined,
    certificate: clientCertificateData || undefined,
    key: clientKeyData || undefined,
    expiresMs,
  };
}

/** It is not said what does not parse: it may be a token. */
function parse(stdout: string): unknown {
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

function whyFailed(exec: ExecConfig, error: ExecFailure, printed: Printed): string {
  const { code } = error;
  if (code === 'ENOENT') return withHint(exec, `${nameOf(exec)} is not there`);
  if (typeof code === 'string') return `${nameOf(exec)} cannot be run: ${code}`;
  const said = foreignWords(withoutSecrets(beginningOf(printed.stderr), secretsOf(exec, printed.stdout)));
  return `${nameOf(exec)} failed with exit code ${code ?? 'none'}${said === '' ? ', and does not say why' : `: ${said}`}`;
}

interface ExecFailure {
  readonly code?: string | number | null;
}

const tooLate = (exec: ExecConfig): string =>
  `${nameOf(exec)} did not answer within ${ANSWERS_WITHIN_MS / 60_000} minutes`;

const withHint = ({ installHint }: ExecConfig, message: string): string =>
  installHint ? `${message}. Its own hint: ${foreignWords(installHint)}` : message;

const nameOf = ({ command }: ExecConfig): string => `the plugin ${command ?? ''}`;

/** Ends with a whole word: half a secret would not be known for one. */
function beginningOf(text: string): string {
  return text.length <= LOOKED_THROUGH ? text : text.slice(0, LOOKED_THROUGH).replace(/\S*$/, '');
}

/** Of what it was given and has given, all that may be a secret. */
function secretsOf({ args, env }: ExecConfig, stdout: string): string[] {
  const given = [
    ...(env ?? []).map(({ name, value }) => [name, value ?? ''] as const),
    ...(args ?? []).map((argument, index) => {
      const [, flag, value] = /^(-[^=]*)=(.*)$/s.exec(argument) ?? [];
      return [flag ?? args?.[index - 1] ?? '', value ?? argument] as const;
    }),
  ];
  return [
    ...given.filter(([name, value]) => namesSecret(name) || isOpaque(value)).map(([, value]) => value),
    ...(beginningOf(stdout).match(/[^\s"'{}[\],]+/g) ?? []).filter(isOpaque),
  ];
}
