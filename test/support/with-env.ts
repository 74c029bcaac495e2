import { setEnv } from './set-env.ts';

/** Does something while these variables are set. */
export async function withEnv<T>(
  values: Readonly<Record<string, string>>,
  work: () => Promise<T>,
): Promise<T> {
  const reset = setEnv(values);
  try {
    return await work();
  } finally {
    reset();
  }
}
