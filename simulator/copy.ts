/**
 * A copy of a JSON document. Not `structuredClone`: what that makes belongs to Node's main realm, and under jest no
 * deep comparison would ever call it equal to an object of the test's realm.
 */
export function copy<T>(document: T): T {
  return JSON.parse(JSON.stringify(document)) as T;
}
