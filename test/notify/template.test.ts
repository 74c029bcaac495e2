import { filled, unknownNames } from '../../src/domain/notify/message.ts';
import { textFor, wants } from '../../src/domain/notify/receivers.ts';
import { TRIGGERS, templateOf } from '../../src/domain/notify/triggers.ts';
import { messageOf } from '../support/notify-message.ts';

test('names are replaced once: what they stand for is no template, and stays on its line', () => {
  const facts = { fleet: '{{why}}', why: 'secret\r\nBcc: evil@example.com', names: '' };
  expect(filled('{{fleet}} {{ why }}\n{{names}}\nend', facts)).toBe(
    '{{why}} secret Bcc: evil@example.com\nend',
  );
});

test('every template of ours names only what there is', () => {
  for (const trigger of TRIGGERS) expect(unknownNames(templateOf(trigger))).toEqual([]);
  expect(unknownNames('{{fleet}} {{constructor}} {{}}')).toEqual(['constructor', '']);
});

test('a receiver has its own words, its own triggers and its own waves', () => {
  const ops = { name: 'ops', command: 'page' };
  const message = messageOf();
  expect(textFor({ ...ops, templates: { 'on-wave-done': ['{{wave}}!'] } }, message)).toBe('canary!');
  expect(textFor(ops, message)).toContain('Fleet prod: wave canary is done');
  expect(wants({ ...ops, triggers: ['on-ended'] }, message)).toBe(false);
  expect(wants({ ...ops, waves: ['rest'] }, message)).toBe(false);
  const { wave: _wave, ...ofFleet } = messageOf({ occasion: 'on-ended' });
  expect(wants({ ...ops, waves: ['rest'] }, ofFleet)).toBe(true);
  expect(wants({ ...ops, triggers: [], waves: [] }, messageOf({ occasion: 'test' }))).toBe(true);
});
