import { plainText } from '../../../domain/text/plain-text.ts';
import { escapeXml } from '../junit-xml.ts';

/** Markup that is whole, and may stand within other markup as it is. */
export class Markup {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** What may stand between the words of a template. Texts are escaped; of undefined and false nothing is seen. */
export type Part = string | number | Markup | undefined | false | readonly Part[];

/**
 * HTML that is XML too. Whatever a part says, it is text: no tag, no attribute of its own, on one line, and nothing that a reader
 * would not see. Attributes stand in double quotes. How the template is indented is no matter.
 */
export function html(words: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  const own = written(words);
  return new Markup(own.map((word, index) => word + textOf(parts[index])).join(''));
}

const known = new WeakMap<TemplateStringsArray, readonly string[]>();

/** Between the parts of a table, and at the edges of its cells, a space means nothing. */
const AROUND_CELLS =
  /\s*\n\s*(?=<\/?t(?:able|head|body|r|h|d)\b)|(?<=<\/?t(?:able|head|body|r|h|d)\b[^<>]*>)\s*\n\s*/g;

/** A template's own words, without the spaces that only indent it. */
function written(words: TemplateStringsArray): readonly string[] {
  const already = known.get(words);
  if (already) return already;
  const own = words.map((word) => word.replace(AROUND_CELLS, '').replace(/\s*\n\s*/g, '\n'));
  known.set(words, own);
  return own;
}

function textOf(part: Part): string {
  if (part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string') return escapeXml(plainText(part));
  if (typeof part === 'number') return String(part);
  return part.map(textOf).join('');
}
