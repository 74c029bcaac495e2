import { createHash } from 'node:crypto';
import { canonicalJson } from '../../domain/fleet/file/canonical-json.ts';

/** What a statement is about, or rests on, as in-toto names it (ResourceDescriptor): at least a digest or an address. */
export interface Resource {
  readonly name: string;
  /** Hexadecimal, by the algorithm. */
  readonly digest?: Readonly<Record<string, string>>;
  readonly uri?: string;
}

/** The names of tests, by how they ended. */
export interface Tests {
  readonly passed: readonly string[];
  readonly warned: readonly string[];
  readonly failed: readonly string[];
}

/** The SHA-256 of a text, hexadecimal. */
export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What a statement says of a value of JSON: by its keys in their order, without spaces, as `jq -cjS` writes it. */
export const digestOf = (value: unknown): Readonly<Record<string, string>> => ({
  sha256: sha256(canonicalJson(value)),
});

/** Of several as of one. */
export function together(tests: readonly Tests[]): Tests {
  return {
    passed: tests.flatMap(({ passed }) => passed),
    warned: tests.flatMap(({ warned }) => warned),
    failed: tests.flatMap(({ failed }) => failed),
  };
}

/** PASSED only where everything has: one warning makes it WARNED, one failure FAILED; and so does nothing at all. */
function resultOf({ passed, warned, failed }: Tests): 'PASSED' | 'WARNED' | 'FAILED' {
  if (failed.length > 0 || passed.length + warned.length === 0) return 'FAILED';
  return warned.length > 0 ? 'WARNED' : 'PASSED';
}

/**
 * A statement of in-toto (v1) with its predicate for results of tests (v0.1), as the text of a file. The same parts give the
 * same bytes: it has no time of its own.
 */
export function statementText({
  subject,
  configuration,
  tests,
}: {
  readonly subject: readonly Resource[];
  readonly configuration: readonly Resource[];
  readonly tests: Tests;
}): string {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject,
    predicateType: 'https://in-toto.io/attestation/test-result/v0.1',
    predicate: {
      result: resultOf(tests),
      configuration,
      passedTests: tests.passed,
      warnedTests: tests.warned,
      failedTests: tests.failed,
    },
  };
  return `${JSON.stringify(statement, undefined, 2)}\n`;
}
