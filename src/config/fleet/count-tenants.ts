/**
 * How many tenants a fleet file lists where it is written as usual, an item a line below `tenants:`; 0 where it is not.
 * Read off the text: to parse a list of hundreds of thousands takes minutes.
 */
export function countTenants(text: string): number {
  const [, list = ''] = /^tenants:[^\n]*\n([^]*)/m.exec(text) ?? [];
  const [, indent] = /^( *)- /m.exec(list) ?? [];
  if (indent === undefined) return 0;
  const end = /^(?![\s#-])./m.exec(list)?.index ?? list.length;
  let count = 0;
  for (let from = 0; from < end; from = list.indexOf('\n', from) + 1 || end)
    if (list.startsWith(`${indent}- `, from)) count += 1;
  return count;
}
