import type { SlackBody } from '../../src/notify/slack.ts';
import { slackBody } from '../../src/notify/slack.ts';
import { deliverOnce } from '../../src/notify/deliver.ts';
import { httpReceiver } from '../support/http-receiver.ts';
import { messageOf } from '../support/notify-message.ts';
import { withEnv } from '../support/with-env.ts';

const textOf = ({ blocks }: SlackBody): string => blocks.map(({ text }) => text.text).join('\n');

test('foreign words call nobody, link nowhere and format nothing', () => {
  const body = slackBody('Fleet prod: <!channel> *done* @all\n<https://evil.example|click> & more');
  expect(body.text).toBe('Fleet prod: &lt;!channel&gt; *done* @\u200ball');
  expect(textOf(body)).toContain('&lt;https://evil.example|click&gt; &amp; more');
  expect(body.blocks.every(({ text }) => text.type === 'plain_text')).toBe(true);
});

test('ten thousand names stay below what Slack takes, and it is seen that there are more', () => {
  const lines = Array.from({ length: 10_000 }, (_, number) => `tenant-${number} <held> & "said" so`);
  const body = slackBody(lines.join('\n'));
  expect(JSON.stringify(body.blocks).length).toBeLessThan(13_000);
  expect(Math.max(...body.blocks.map(({ text }) => text.text.length))).toBeLessThanOrEqual(3_000);
  expect(body.blocks.at(-1)?.text.text).toBe('…');
});

test('one endless line is cut, not in the middle of an escape', () => {
  const [block] = slackBody('&'.repeat(5_000)).blocks;
  expect(block?.text.text).toMatch(/^(?:&amp;)+ …$/);
});

test('it is posted to an address that only the worker knows', async () => {
  const there = await httpReceiver();
  const variable = 'THREESCALE_UPGRADE_NOTIFY_CHAT';
  await withEnv({ [variable]: there.url }, () =>
    deliverOnce({ message: messageOf(), receiver: { name: 'chat', slack: { url: { env: variable } } } }),
  );
  const { text } = JSON.parse(there.received[0]?.body ?? '') as SlackBody;
  expect(text).toBe('Fleet prod: wave canary is done');
  await there.close();
});
