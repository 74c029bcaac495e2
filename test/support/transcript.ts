/** A transcript in a document, held against what was really printed: without what is another each time. */

const OF_EACH_RUN: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( UTC|Z)?/g, 'TIME'],
  [/\b(\d+ h )?(\d+ min )?\d+(\.\d+)? (s|ms)\b|\b\d+ min\b/g, 'DURATION'],
  // Found done by a second attempt, where the first one was killed.
  [/(tenant-\d) +[✓=] /g, '$1 done '],
  [/\(after \d+ attempts\)/g, ''],
  [/\b127\.0\.0\.1:\d+/g, 'ADDRESS'],
  [/\S*threescale-upgrade-demo-\w+/g, 'FOLDER'],
  [/(worker |process of its own )\(?\d+\)?/g, '$1PID'],
  [/\bpod\/([a-z-]+-\d+)-[a-z0-9]{5}\b/g, 'pod/$1'],
  [/\b[0-9a-f]{12}\b/g, 'HASH'],
  [/"\d+ \d+ \* \* \*"/g, 'CRON'],
  // What was asked for, and events: they depend on how often something was tried again.
  [/\d+ \+ \d+ +│ \d+/g, 'COUNTS'],
  [/[─]+/g, '─'],
  [/\s+/g, ' '],
];

const comparable = (line: string): string =>
  OF_EACH_RUN.reduce((text, [pattern, word]) => text.replace(pattern, word), line).trim();

/** The blocks of text of a document, or of one part of it, line by line; `…` and empty lines are none. */
export function transcriptOf(document: string): string[] {
  return [...document.matchAll(/```text\n(.*?)```/gs)]
    .flatMap(([, text = '']) => text.split('\n'))
    .filter((line) => line !== '' && line !== '…');
}

/** The lines of a transcript that were not printed, whatever the order: things go side by side. */
export function notPrinted(transcript: readonly string[], printed: readonly string[]): string[] {
  const left = new Map<string, number>();
  for (const line of printed.map(comparable)) left.set(line, (left.get(line) ?? 0) + 1);
  return transcript.filter((line) => {
    const key = comparable(line);
    const count = left.get(key) ?? 0;
    left.set(key, count - 1);
    return count < 1;
  });
}
