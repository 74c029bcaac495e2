import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const TOP_FOLDERS = readdirSync(ROOT, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'node_modules')
  .map(({ name }) => name);
const PLACEHOLDER = /<[a-z-]+>/g;
const isInFolder = (word: string): boolean => TOP_FOLDERS.includes(word.split('/')[0] ?? '');

/** The words between backticks that are paths: a file's name, a folder's, or what lies in a folder of ours. */
const quotedPaths = (passage: string): string[] =>
  [...passage.matchAll(/`([\w.@<>/-]+)`/g)]
    .map(([, word = '']) => word)
    .filter((word) => /(^|[^.])\.(ts|js|json|md|ya?ml)$|\/$/.test(word) || isInFolder(word))
    .filter((word) => word.includes('/') || word.includes('.'));

/** Whether something is there by that name, whatever stands for a placeholder. */
function isThere(path: string): boolean {
  const [folder = '', name] = path.split(/\/(?=[^/]*<[^/]*$)/);
  if (name === undefined) return existsSync(join(ROOT, path));
  const pattern = new RegExp(`^${name.replace(PLACEHOLDER, '[\\w.-]+')}$`);
  return (
    existsSync(join(ROOT, folder)) && readdirSync(join(ROOT, folder)).some((entry) => pattern.test(entry))
  );
}

/** What is read together: a row of a table, a point of a list, or a paragraph. */
const PASSAGE = /\n(?=\s*\n|\s*\||\s*- )/;

/**
 * The paths of a document that are not there. Each is one from the root of the repository, or from a folder that is named
 * before it in the same passage.
 */
export function missingPaths(text: string): string[] {
  return text.split(PASSAGE).flatMap((passage) => {
    const folders = [''];
    return quotedPaths(passage).filter((path) => {
      const found = folders.find((folder) => isThere(join(folder, path)));
      if (found === undefined) return true;
      const whole = join(found, path);
      folders.push(path.endsWith('/') ? whole : dirname(whole));
      return false;
    });
  });
}

const COMMENT = /\/\*.*?\*\/|(?<=^|\s)\/\/[^\n]*/gs;
const FILE = /(?<![\w./@-])[\w.<>-]+(?:\/[\w.<>-]+)*\.(?:md|ts|js|json|ya?ml)\b/g;

/** What the comments of a source cite and is not there: documents, and files in folders of ours. */
export function missingInComments(source: string, path: string): string[] {
  const cited = (source.match(COMMENT) ?? []).flatMap((comment) => comment.match(FILE) ?? []);
  return cited
    .filter((word) => word.endsWith('.md') || isInFolder(word))
    .filter((word) => !isThere(word) && !isThere(join(dirname(path), word)));
}

/** The documents that a source leads people to, wherever it does, and that are not there. */
export function missingDocuments(source: string): string[] {
  return (source.match(/(?<![\w/])docs\/[\w./-]+\.md\b/g) ?? []).filter((word) => !isThere(word));
}
