import { ConfigError } from '../config/reading/config-error.ts';
import { KubeconfigError } from '../openshift/kubeconfig/kubeconfig-error.ts';
import { CliError } from './cli-error.ts';
import { EXIT } from './exit-codes.ts';

type Mistake = CliError | ConfigError | KubeconfigError;

const isMistake = (error: unknown): error is Mistake =>
  (error instanceof CliError && error.exitCode === EXIT.usage) ||
  error instanceof ConfigError ||
  error instanceof KubeconfigError;

/** Looks at everything that was typed, and throws one error with all that is wrong: nobody has to try again and again. */
export function together(looks: readonly (() => unknown)[]): void {
  const mistakes = looks.flatMap((look): Mistake[] => {
    try {
      look();
      return [];
    } catch (error) {
      if (isMistake(error)) return [error];
      throw error;
    }
  });
  const [first, ...others] = mistakes;
  if (!first) return;
  if (others.length === 0) throw first;
  const hints = new Set(mistakes.flatMap(({ hint }) => hint ?? []));
  throw new CliError(mistakes.map(({ message }) => message).join('\n'), {
    hint: [...hints].join('\n'),
    where: mistakes.find((mistake) => mistake instanceof ConfigError)?.where,
  });
}
