import type { SecretRef } from '../domain/notify/receivers.ts';
import { post } from './post.ts';
import { readAddress } from './read-address.ts';

/** Slack refuses blocks above some 13,000 characters, and a text of one above 3,000. */
const LONGEST_BLOCKS = 12_000;
const LONGEST_TEXT = 2_900;
const MORE = '…';

export interface SlackBody {
  /** For notifications, and for what understands no blocks. */
  readonly text: string;
  readonly blocks: readonly {
    readonly type: 'section';
    readonly text: { readonly type: 'plain_text'; readonly text: string; readonly emoji: false };
  }[];
}

/** Throws DeliveryError. */
export async function sendToSlack({ url }: { readonly url: SecretRef }, text: string): Promise<void> {
  await post({
    url: readAddress(url),
    body: JSON.stringify(slackBody(text)),
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
}

/** Plain text in blocks, cut at a line, so that Slack takes it, and nothing in it calls anybody, links or formats. */
export function slackBody(text: string): SlackBody {
  const [subject = '', ...rest] = text.split('\n').map(slackText);
  const blocks: SlackBody['blocks'][number][] = [];
  for (const part of partsOf([subject, ...rest])) {
    const next = block(part);
    if (JSON.stringify([...blocks, next]).length > LONGEST_BLOCKS)
      return { text: subject, blocks: [...blocks, block(MORE)] };
    blocks.push(next);
  }
  return { text: subject, blocks };
}

const block = (text: string): SlackBody['blocks'][number] => ({
  type: 'section',
  text: { type: 'plain_text', text, emoji: false },
});

/** Lines together, as many as fit one block. */
function partsOf(lines: readonly string[]): string[] {
  const parts: string[] = [];
  for (const line of lines) {
    const last = parts.at(-1);
    const both = last === undefined ? line : `${last}\n${line}`;
    if (last === undefined || both.length > LONGEST_TEXT) parts.push(line);
    else parts[parts.length - 1] = both;
  }
  return parts.filter((part) => part !== '');
}

/** The characters by which Slack is told to do something (https://api.slack.com/reference/surfaces/formatting), and `@all`. */
function slackText(line: string): string {
  const escaped = line
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=(?:all|channel|here|everyone)\b)/gi, '@\u200b');
  return escaped.length <= LONGEST_TEXT
    ? escaped
    : `${escaped.slice(0, LONGEST_TEXT - 10).replace(/&[a-z]*$/, '')} ${MORE}`;
}
