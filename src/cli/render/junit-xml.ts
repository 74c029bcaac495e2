/** What became of one test case, as JUnit's readers (Jenkins, GitLab) tell it. */
export type JunitOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly type: string; readonly message: string; readonly text?: string }
  | { readonly kind: 'skipped'; readonly message: string };

export interface JunitCase {
  readonly name: string;
  /** Readers group cases by it. */
  readonly classname: string;
  readonly ms?: number;
  readonly outcome: JunitOutcome;
  /** What else there is to say of it. */
  readonly said?: readonly string[];
}

export interface JunitSuite {
  readonly name: string;
  readonly timestamp?: string;
  readonly ms?: number;
  readonly properties?: Readonly<Record<string, string>>;
  readonly cases: readonly JunitCase[];
}

/** A whole document. */
export function renderJunit(name: string, suites: readonly JunitSuite[]): string {
  return [junitHead(name), ...suites.map(renderSuite), JUNIT_TAIL].join('\n');
}

/** Begins a document whose suites are written one by one: thousands of them are never in memory together. */
export const junitHead = (name: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes({ name })}>`;

export const JUNIT_TAIL = '</testsuites>';

export function renderSuite({ name, timestamp, ms, properties = {}, cases }: JunitSuite): string {
  const count = (kind: JunitOutcome['kind']): string =>
    String(cases.filter(({ outcome }) => outcome.kind === kind).length);
  const head = attributes({
    name,
    tests: String(cases.length),
    failures: count('failed'),
    errors: '0',
    skipped: count('skipped'),
    time: seconds(ms),
    // Readers expect no zone: it is UTC.
    timestamp: timestamp?.replace(/(\.\d+)?Z$/, ''),
  });
  const named = Object.entries(properties).map(
    ([key, value]) => `      <property${attributes({ name: key, value })}/>`,
  );
  return [
    `  <testsuite${head}>`,
    ...(named.length > 0 ? ['    <properties>', ...named, '    </properties>'] : []),
    ...cases.map(renderCase),
    '  </testsuite>',
  ].join('\n');
}

function renderCase({ name, classname, ms, outcome, said = [] }: JunitCase): string {
  const inside = [
    ...outcomeLines(outcome),
    ...(said.length > 0 ? [`      <system-out>${escapeXml(said.join('\n'))}</system-out>`] : []),
  ];
  const head = `    <testcase${attributes({ name, classname, time: seconds(ms) })}`;
  return inside.length === 0 ? `${head}/>` : [`${head}>`, ...inside, '    </testcase>'].join('\n');
}

function outcomeLines(outcome: JunitOutcome): string[] {
  switch (outcome.kind) {
    case 'passed':
      return [];
    case 'skipped':
      return [`      <skipped${attributes({ message: outcome.message })}/>`];
    case 'failed': {
      const { type, message, text = message } = outcome;
      return [`      <failure${attributes({ type, message })}>${escapeXml(text)}</failure>`];
    }
  }
}

const seconds = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : (Math.max(0, ms) / 1000).toFixed(3);

function attributes(values: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(values)
    .map(([name, value]) => (value === undefined ? '' : ` ${name}="${inAttribute(value)}"`))
    .join('');
}

/** A reader takes a line feed in an attribute for a space, unless it is written so. */
const inAttribute = (value: string): string => escapeXml(value).replaceAll('\n', '&#10;');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Any text as XML 1.0 may have it: what it forbids, such as most control characters, becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(FORBIDDEN, '\ufffd')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

// eslint-disable-next-line no-control-regex -- control characters are what this is about
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
