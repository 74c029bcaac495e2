import { receiversByFlags, withFlags } from '../../src/config/notify-flags.ts';
import { ConfigError } from '../../src/config/reading/config-error.ts';
import { limitsAfter } from '../../src/domain/fleet/rules/limits.ts';
import { specDiff } from '../../src/domain/fleet/spec/diff.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { resolveText } from '../support/fleet-files.ts';
import { fleetSpec } from '../support/fleet-spec.ts';
import { OPERATOR } from '../support/upgrade-input.ts';

const HEAD = 'name: prod\nclusters: {eu: {}}\ntenants:\n  - {name: a, cluster: eu, namespace: a}\nnotify:\n';

function specOf(text: string): FleetSpec {
  const { resolution } = resolveText(text);
  if (resolution.status === 'problems') throw new Error('it resolves');
  return resolution.spec;
}

/** The words of what is refused. */
function said(text: string): string {
  try {
    return resolveText(text).said.join('\n');
  } catch (error) {
    if (error instanceof Error) return error.message;
    throw error;
  }
}

test('receivers are read with their defaults, and their words line by line', () => {
  const { notify } = specOf(
    `${HEAD}  - webhook: {url: 'https://example.com/hook', secret: {env: THREESCALE_UPGRADE_NOTIFY_OPS}}\n` +
      '  - name: chat\n    slack: {url: {file: chat}}\n    triggers: [on-failed]\n    waves: [all]\n' +
      '    templates:\n      on-failed: |\n        {{fleet}}\n        {{names}}\n' +
      '  - {email: {from: a@example.com, to: [b@example.com], server: smtp://mail.example.com}}\n' +
      '  - {command: page-us}\n',
  );
  expect(notify?.map(({ name }) => name)).toEqual(['webhook', 'chat', 'email', 'command']);
  expect(notify?.[1]).toMatchObject({
    triggers: ['on-failed'],
    templates: { 'on-failed': ['{{fleet}}', '{{names}}'] },
  });
});

test.each([
  ['no kind', '{name: ops}', 'fleet.yaml:6: notify.0: needs exactly one of webhook, slack, email, command'],
  ['two kinds', '{command: a, slack: {url: {file: a}}}', 'fleet.yaml:6: notify.0: needs exactly one of'],
  ['no list', null, 'fleet.yaml:5: notify: must be a list of receivers'],
  [
    'a trigger of tenants',
    '{command: a, triggers: [on-held]}',
    'fleet.yaml:6: notify.0.triggers.0: is no trigger here',
  ],
  [
    'a wave that there is not',
    '{command: a, waves: [b]}',
    'fleet.yaml:6: notify.0.waves.0: there is no wave b; there are: all',
  ],
  ['http', "{webhook: {url: 'http://example.com'}}", 'fleet.yaml:6: notify.0.webhook.url: must be https'],
  [
    'a password in an address',
    "{webhook: {url: 'https://me:pw@example.com'}}",
    'notify.0.webhook.url: holds a name or a password',
  ],
  [
    'an address of Slack as it is',
    "{slack: {url: 'https://hooks.slack.com/x'}}",
    'notify.0.slack.url: must name a secret of the worker',
  ],
  [
    'another variable',
    '{slack: {url: {env: HOME}}}',
    'notify.0.slack.url.env: is no variable that may be named here',
  ],
  ['a path', '{slack: {url: {file: ../x}}}', 'notify.0.slack.url.file: is no name of a file'],
  ['arguments', '{command: page us}', 'notify.0.command: is no name of a command'],
  [
    'an unknown name',
    '{command: a, templates: {on-ended: "{{user}}"}}',
    'notify.0.templates.on-ended: names {{user}}, which there is not',
  ],
  [
    'no mail server',
    '{email: {from: a@b.example, to: [c@d.example], server: mail}}',
    'notify.0.email.server: is no mail server',
  ],
  [
    'a header in an address',
    '{email: {from: "a@b.example\\nBcc: x@y.example", to: [c@d.example], server: "smtp://m"}}',
    'notify.0.email.from: is no e-mail address',
  ],
  ['an unknown key', '{command: a, colour: red}', 'notify.0.colour: Unrecognized key'],
] as const)('%s is refused with its line', (_, receiver, message) => {
  expect(said(receiver === null ? `${HEAD.trimEnd()} {a: b}\n` : `${HEAD}  - ${receiver}\n`)).toContain(
    message,
  );
});

test('one name for two is refused, and nothing of a secret is said', () => {
  const text = `${HEAD}  - {command: a}\n  - {command: b}\n`;
  expect(said(text)).toContain('fleet.yaml:7: notify.1: a receiver is called command already');
});

test('flags say the same on one line, go before the file, and are refused as a file is', () => {
  const [own] = receiversByFlags(['{name: ops, command: page-us}'], 'fleet');
  const before = [
    { name: 'ops', command: 'other' },
    { name: 'chat', command: 'chat' },
  ];
  expect(withFlags(before, own ? [own] : [])).toEqual([before[1], own]);
  const refused = (text: string) => () => receiversByFlags([text], 'tenant');
  expect(refused('{command: a, triggers: [on-failed]}')).toThrow(
    '--notify (1 of 1): triggers.0: is no trigger here',
  );
  expect(refused('{command')).toThrow(ConfigError);
  expect(refused('just words')).toThrow(ConfigError);
});

test.each([
  '{email: {from: a@example.com, to: [b@example.com], server: "smtp://ops:HIDDEN@mail.example.com"}}',
  '{slack: {url: https://hooks.slack.com/services/HIDDEN}}',
  '{webhook: {url: https://example.com/hook, secret: HIDDEN}}',
  '{webhook: {url: https://ops:HIDDEN@example.com/hook}}',
  '{slack: {url: https://hooks.slack.com/services/HIDDEN}',
])('a flag with what should be a secret is refused, and not quoted: %s', (text) => {
  const flags = ['{command: a}', text];
  const refused = (): unknown => receiversByFlags(flags, 'fleet');
  expect(refused).toThrow(/^--notify \(2 of 2\): /);
  expect(refused).not.toThrow(/HIDDEN/);
});

test('a difference names who is told; set adds, replaces and removes', () => {
  const waves = [{ tenants: ['a'] }];
  const ops = { name: 'ops', command: 'page' };
  const silent = fleetSpec({ waves }, { name: 'prod' });
  const telling = fleetSpec({ waves, notify: [ops] }, { name: 'prod' });
  expect(specDiff(silent, telling).settings).toEqual([
    { what: 'notify ops', from: 'not told', to: JSON.stringify(ops) },
  ]);
  const chat = { name: 'chat', command: 'chat' };
  const set = (notify: readonly (typeof ops)[]) => limitsAfter(telling, { ...OPERATOR, notify });
  expect(set([chat]).changes.notify).toEqual([ops, chat]);
  expect(set([{ ...ops, command: 'other' }]).changes.notify).toEqual([{ ...ops, command: 'other' }]);
  expect(set([])).toEqual({ changes: { notify: [] }, detail: 'nobody is told any more' });
});
