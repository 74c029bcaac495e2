/** A command of this program as it stands in a text for people. */
export interface PrintedCommand {
  /** Where its last word ends in the text. */
  readonly end: number;
  /** What follows the program's name, as a shell would take it. */
  readonly words: readonly string[];
}

const PROGRAM = /\bthreescale-upgrade +(?=[a-z])/g;
/** What ends a command: a pipe, a redirection, the end of a line, and what goes on with the sentence around it. */
const ENDS = /^(?:[|&>)`\n]|[;,.:](?=\s|$))/;
/** Begins a colour, or its end. */
const ESCAPE = '\u001b';

/**
 * Every command that a text shows. Whoever writes one ends it so that it can be told from the sentence around it: by a
 * semicolon, a comma, a full stop, a bracket, a pipe or the end of the line.
 */
export function printedCommands(text: string): PrintedCommand[] {
  return [...text.matchAll(PROGRAM)].map(({ 0: name, index }) => commandAt(text, index + name.length));
}

function commandAt(text: string, from: number): PrintedCommand {
  const words: string[] = [];
  let word: string | undefined;
  let quote: string | undefined;
  let end = from;
  const close = (at: number): void => {
    if (word === undefined) return;
    words.push(word);
    word = undefined;
    end = at;
  };
  let at = from;
  for (; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === undefined && (char === ESCAPE || ENDS.test(text.slice(at, at + 2)))) break;
    if (char === quote) quote = undefined;
    else if (quote !== undefined) word += char;
    else if (char === "'" || char === '"') {
      quote = char;
      word ??= '';
    } else if (char === '\\') word = (word ?? '') + text.charAt((at += 1));
    else if (/\s/.test(char)) close(at);
    else word = (word ?? '') + char;
  }
  close(Math.min(at, text.length));
  return { end, words };
}
