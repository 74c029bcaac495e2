/** Ends what was cut: as a word of its own no text of ours ends with it. */
const CUT = ' …';

/** The text, or its first words where it is longer than so many characters; one word that is longer still is cut itself. */
export function cutAtWord(text: string, longest: number): string {
  if (text.length <= longest) return text;
  const fits = text.slice(0, longest - CUT.length + 1);
  const end = fits.search(/\s+\S*$/);
  return `${end > 0 ? fits.slice(0, end) : fits.slice(0, -1)}${CUT}`;
}

/** Whether there is more of it. */
export const isCut = (text: string): boolean => text.endsWith(CUT);
