import { createHash } from 'node:crypto';

/** Text that looks random and is the same for the same seed. */
export function generate(seed: string, alphabet: string, length: number): string {
  let text = '';
  for (let round = 0; text.length < length; round += 1) {
    const digest = createHash('sha256').update(`${seed}/${round}`).digest();
    text += [...digest].map((byte) => alphabet[byte % alphabet.length]).join('');
  }
  return text.slice(0, length);
}
