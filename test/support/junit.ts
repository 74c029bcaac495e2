import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { validateXML } from 'xmllint-wasm';

/** What Jenkins' xUnit plugin takes as JUnit: its schema, unchanged (github.com/jenkinsci/xunit-plugin, MIT). */
const SCHEMA = readFileSync(fileURLToPath(new URL('../fixtures/junit-10.xsd', import.meta.url)), 'utf8');

/** What is wrong with a test report, as libxml sees it: with its XML, or by the schema. */
export async function junitErrors(report: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: { fileName: 'report.xml', contents: report },
    schema: { fileName: 'junit.xsd', contents: SCHEMA },
  });
  return errors.map(({ message, rawMessage }) => message || rawMessage);
}
