import type { KubeConfig, User } from '@kubernetes/client-node';
import { secretNames } from '../child-environment.ts';
import { copyOf } from './kubeconfig.ts';

interface Plugin {
  readonly env?: readonly { readonly name: string; readonly value: string | undefined }[] | null;
}

/**
 * A copy whose exec plugins run without any credential of Temporal's, and without the tool's own secrets, in their
 * environment. What the kubeconfig itself gives them stays. Its context stays selected.
 */
export function withPluginsApart(config: KubeConfig): KubeConfig {
  return copyOf(config, { users: config.users.map(apart) });
}

function apart(user: User): User {
  const exec = user.exec as Plugin | undefined;
  const provider = user.authProvider as { readonly config?: { readonly exec?: Plugin } } | undefined;
  return {
    ...user,
    ...(exec ? { exec: scrubbed(exec) } : {}),
    ...(provider?.config?.exec
      ? {
          authProvider: { ...provider, config: { ...provider.config, exec: scrubbed(provider.config.exec) } },
        }
      : {}),
  };
}

/** The library lays these over its own environment; Node leaves out a name that has no value. */
function scrubbed<T extends Plugin>(plugin: T): T {
  const without = secretNames().map((name) => ({ name, value: undefined }));
  return { ...plugin, env: [...without, ...(plugin.env ?? [])] };
}
