import { readFileSync } from 'node:fs';
import { whyNotRead } from '../../config/reading/read-text.ts';
import { CredentialsError } from './credentials-error.ts';
import type { PluginCredentials } from './exec-plugin.ts';
import { runPlugin } from './exec-plugin.ts';
import type { ExecConfig, KubeconfigCluster, KubeconfigUser } from './kubeconfig-entries.ts';

/** What a user of a kubeconfig shows to the API server, of a plugin and of a token's file too: as they are now. */
export class Credentials {
  readonly #user: KubeconfigUser;
  readonly #cluster: KubeconfigCluster;
  #known: PluginCredentials | undefined;
  #running: Promise<PluginCredentials> | undefined;
  #lastToken: string | undefined;

  constructor(user: KubeconfigUser, cluster: KubeconfigCluster) {
    this.#user = user;
    this.#cluster = cluster;
  }

  /** Others may come than those that were refused. */
  get canChange(): boolean {
    const { exec, tokenFile, authProvider } = this.#user;
    return Boolean(tokenFile ?? authProvider ?? (exec && !showsItself(this.#user)));
  }

  /** The user with what it shows now in place of where that comes from. Rejects with CredentialsError. */
  async current(): Promise<KubeconfigUser> {
    const { exec, tokenFile, ...user } = this.#user;
    const given = exec && !showsItself(this.#user) ? await this.#ask(exec) : undefined;
    const token = tokenFile === undefined ? user.token : this.#read(tokenFile, user.token);
    return { ...user, ...shown({ ...given, token: token ?? given?.token }) };
  }

  /** The server does not take what was shown: a plugin is asked anew, unless that was done since. */
  forget({ token, certData }: KubeconfigUser): void {
    const known = this.#known && shown(this.#known);
    if (known?.token === token || (known?.certData !== undefined && known.certData === certData))
      this.#known = undefined;
  }

  /** One at a time: whoever asks meanwhile waits for the same answer. */
  #ask(exec: ExecConfig): Promise<PluginCredentials> {
    const { expiresMs = Infinity } = this.#known ?? {};
    if (this.#known && expiresMs > Date.now()) return Promise.resolve(this.#known);
    this.#running ??= runPlugin(exec, this.#cluster)
      .then((answer) => (this.#known = answer))
      .finally(() => (this.#running = undefined));
    return this.#running;
  }

  /**
   * Read with every request (client-go reads it once a minute). It goes before `token`, and where it cannot be read, what it
   * held last, or `token`, does as well: client-go, transport/token_source.go and round_trippers.go.
   */
  #read(path: string, token: string | undefined): string {
    const { name, file } = this.#user;
    const said = (what: string): CredentialsError =>
      new CredentialsError(`user ${name} of ${file} names ${path} as its tokenFile, which ${what}`);
    try {
      const text = readFileSync(path, 'utf8').trim();
      if (text === '') throw said('is empty');
      this.#lastToken = text;
      return text;
    } catch (error) {
      const instead = this.#lastToken ?? token;
      if (instead !== undefined) return instead;
      throw error instanceof CredentialsError ? error : said(`cannot be read: ${whyNotRead(error)}`);
    }
  }
}

/** A plugin is not asked then: client-go, plugin/pkg/client/auth/exec, UpdateTransportConfig. */
const showsItself = ({ token, tokenFile, username, certFile, certData }: KubeconfigUser): boolean =>
  Boolean(token || tokenFile || username || certFile || certData);

/** As the kubeconfig would hold it. A plugin's certificate goes before its own. */
function shown({ token, certificate, key }: Partial<PluginCredentials>): Partial<KubeconfigUser> {
  return {
    ...(token === undefined ? {} : { token }),
    ...(certificate === undefined || key === undefined
      ? {}
      : { certFile: '', keyFile: '', certData: base64(certificate), keyData: base64(key) }),
  };
}

const base64 = (pem: string): string => Buffer.from(pem).toString('base64');
