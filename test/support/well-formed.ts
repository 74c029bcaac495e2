import { validateXML } from 'xmllint-wasm';

/** Anything, as long as it is XML, and its root is an `html` element. */
const SCHEMA = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/1999/xhtml">
<xs:element name="html" type="xs:anyType"/></xs:schema>`;

/** What is wrong with a page, read as XML by libxml: a tag that is not closed, a word that was taken for a tag. */
export async function pageErrors(page: string): Promise<string[]> {
  const { errors } = await validateXML({
    xml: { fileName: 'page.html', contents: page },
    schema: { fileName: 'page.xsd', contents: SCHEMA },
  });
  return errors.map(({ message, rawMessage }) => message || rawMessage);
}
