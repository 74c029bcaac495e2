import type { KubeConfig } from '@kubernetes/client-node';
import { KubeconfigError } from './kubeconfig.ts';
import type { KubeconfigContent } from './kubeconfig-files.ts';
import { certificatesStamp, kubeconfigStamp, readKubeconfig } from './kubeconfig-files.ts';

/** What is wrong with a file for longer than this after it was changed is wrong, and not half written. */
const BEING_WRITTEN_MS = 10_000;
/** A file that ends without a newline is taken as it is after so long. */
const BEING_CUT_MS = 2_000;

interface Loaded extends KubeconfigContent {
  /** Of the files, before they were read. */
  readonly stamp: string;
  readonly certificates: string;
}

/**
 * A kubeconfig as its files are now: with a renewed login the next request uses it. Whoever writes them does so byte by
 * byte, so that what is read in between is empty, cut, or gone; an error met then says that it is passing.
 */
export class CurrentKubeconfig {
  readonly #file: string | undefined;
  #loaded: Loaded | undefined;
  #changed: { readonly stamp: string; readonly seenMs: number } | undefined;

  /** `file`: as --kubeconfig names it; found as kubectl finds it where absent. */
  constructor(file: string | undefined) {
    this.#file = file;
  }

  get file(): string | undefined {
    return this.#file;
  }

  /** Hands out what the files hold now. A KubeconfigError that it meets or `read` throws may be a passing one. */
  read<T>(read: (config: KubeConfig) => T): T {
    try {
      return read(this.#current());
    } catch (error) {
      if (error instanceof KubeconfigError && this.#changedWithin(BEING_WRITTEN_MS)) throw passing(error);
      throw error;
    }
  }

  #current(): KubeConfig {
    const stamp = kubeconfigStamp(this.#file);
    const known = this.#loaded;
    const certificates = known && certificatesStamp(known.config);
    if (known?.stamp === stamp && known.certificates === certificates) return known.config;
    const all = JSON.stringify([stamp, certificates]);
    if (known && this.#changed?.stamp !== all) this.#changed = { stamp: all, seenMs: performance.now() };
    const content = readKubeconfig(this.#file);
    const isCut = known?.endsInNewline === true && !content.endsInNewline;
    if (isCut && this.#changedWithin(BEING_CUT_MS)) throw unfinished(this.#file);
    if (kubeconfigStamp(this.#file) !== stamp) throw unfinished(this.#file);
    this.#loaded = { ...content, stamp, certificates: certificatesStamp(content.config) };
    return content.config;
  }

  #changedWithin(ms: number): boolean {
    return this.#changed !== undefined && performance.now() - this.#changed.seenMs < ms;
  }
}

function unfinished(file: string | undefined): KubeconfigError {
  return new KubeconfigError(
    `${file ?? 'the kubeconfig'} is being written`,
    'It is read again by itself; if it stays so, look at it with: oc config view',
    { isPassing: true },
  );
}

function passing(error: KubeconfigError): KubeconfigError {
  if (error.isPassing) return error;
  const message = `${error.message} (it was changed just now: it is read again)`;
  const { missing } = error;
  return new KubeconfigError(message, error.hint, {
    cause: error,
    isPassing: true,
    ...(missing === undefined ? {} : { missing }),
  });
}
