import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { stringify } from 'yaml';

/** A folder of files that goes with the tests, and $KUBECONFIG while they look at it. */
export class KubeconfigFiles {
  readonly folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-kubeconfig-'));
  readonly #before = process.env['KUBECONFIG'];

  path(name: string): string {
    return join(this.folder, name);
  }

  /** What is no text is written as YAML. */
  write(name: string, content: unknown, mode = 0o644): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : stringify(content), { mode });
    return path;
  }

  /** `a.yaml:b.yaml` */
  list(...names: readonly string[]): void {
    process.env['KUBECONFIG'] = names.map((name) => (name === '' ? '' : this.path(name))).join(':');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    if (this.#before === undefined) Reflect.deleteProperty(process.env, 'KUBECONFIG');
    else process.env['KUBECONFIG'] = this.#before;
  }
}

/** A kubeconfig of one context `k`, cluster `c` and user `u`. */
export const oneContext = (user: object, cluster: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Config',
  clusters: [{ name: 'c', cluster: { server: 'https://api.example.com:6443', ...cluster } }],
  users: [{ name: 'u', user }],
  contexts: [{ name: 'k', context: { cluster: 'c', user: 'u' } }],
  'current-context': 'k',
});
