import { domainProblem, usernameProblem } from './impersonation.ts';

/** What a value has to be that a step takes from a Secret, by the key under which it stands there. */
export type ValueCheck = 'username' | 'domain';
export type ValueChecks = Readonly<Record<string, ValueCheck>>;

/** Of a step that names none, as those of earlier releases do. */
const BY_KEY: ReadonlyMap<string, ValueCheck> = new Map([
  ['username', 'username'],
  ['domain', 'domain'],
]);

/** No comma, bracket, quote or space: nothing that a shell, rake or a file of settings would read as more than a word. */
const WORD = /^[A-Za-z0-9._@+-]{1,253}$/;

/**
 * Why a value cannot be taken; undefined where it can. Does not repeat it. A key that no check is named for has to hold
 * one plain word.
 */
export function valueProblem(
  key: string,
  value: string,
  checks: ValueChecks | undefined,
): string | undefined {
  const check = checks && Object.hasOwn(checks, key) ? checks[key] : BY_KEY.get(key);
  switch (check) {
    case 'username':
      return usernameProblem(value);
    case 'domain':
      return domainProblem(value);
    case undefined:
      return WORD.test(value) ? undefined : `${key} may have letters, digits and . _ @ + - only`;
  }
}
