import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { SMTPServerOptions } from 'smtp-server';
import { SMTPServer } from 'smtp-server';
import type { EmailReceiver } from '../../src/domain/notify/receivers.ts';
import { deliverOnce } from '../../src/notify/deliver.ts';
import { trustThem } from '../../src/trusted-authorities.ts';
import { makeSigned } from '../support/authority.ts';
import { messageOf } from '../support/notify-message.ts';
import { withEnv } from '../support/with-env.ts';

const VARIABLE = 'THREESCALE_UPGRADE_NOTIFY_SMTP';

interface Mailbox {
  readonly port: number;
  readonly mails: readonly {
    readonly text: string;
    readonly to: readonly string[];
    readonly secure: boolean;
  }[];
  close(): Promise<void>;
}

async function mailbox(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: { text: string; to: string[]; secure: boolean }[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData: (stream, session, done) => {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const to = session.envelope.rcptTo.map(({ address }) => address);
        mails.push({ text: Buffer.concat(parts).toString('utf8'), to, secure: session.secure });
        done();
      });
    },
    ...options,
  });
  // What a client leaves in the middle is no fault of the test.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    mails,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
      }),
  };
}

const send = (email: Partial<EmailReceiver>, facts = messageOf().facts): Promise<void> =>
  deliverOnce({
    message: messageOf({ facts }),
    receiver: {
      name: 'mail',
      email: {
        from: 'upgrades@example.com',
        to: ['ops@example.com'],
        server: 'smtp://127.0.0.1:1',
        ...email,
      },
    },
  });

const PLAIN: SMTPServerOptions = { disabledCommands: ['STARTTLS', 'AUTH'] };

test('it arrives, and what others have said begins no header of its own', async () => {
  const box = await mailbox(PLAIN);
  const wave = 'canary\r\nBcc: evil@example.com';
  await send(
    {
      server: `smtp://127.0.0.1:${box.port}`,
      starttls: 'if-offered',
      to: ['ops@example.com', 'boss@example.com'],
    },
    { ...messageOf().facts, wave },
  );
  const [mail] = box.mails;
  expect(mail?.to).toEqual(['ops@example.com', 'boss@example.com']);
  expect(mail?.text).toContain('Message-ID: <prod_m1_on-wave-done_canary@threescale-upgrade>');
  expect(mail?.text.replace(/\r\n\s/g, ' ')).toMatch(
    /^Subject: Fleet prod: wave canary Bcc: evil@example\.com is done\r$/m,
  );
  expect(mail?.text).not.toMatch(/^Bcc:/m);
  await box.close();
});

test('where STARTTLS must be and is not, nothing is sent', async () => {
  const box = await mailbox(PLAIN);
  await expect(send({ server: `smtp://127.0.0.1:${box.port}` })).rejects.toThrow(
    'the mail server has not taken it',
  );
  expect(box.mails).toEqual([]);
  await box.close();
});

test('a certificate that nobody vouches for is not believed, and no password is sent there', async () => {
  const logins: string[] = [];
  const box = await mailbox({
    onAuth: ({ username = '' }, _, done) => {
      logins.push(username);
      done(null, { user: username });
    },
  });
  const server = `smtp://me:correct-horse@127.0.0.1:${box.port}`;
  const sent = withEnv({ [VARIABLE]: server }, () =>
    send({ server: { env: VARIABLE }, starttls: 'if-offered' }),
  );
  await expect(sent).rejects.toThrow('the mail server has not taken it');
  await expect(sent).rejects.not.toThrow(/correct-horse/);
  expect(logins).toEqual([]);
  await box.close();
});

test('by STARTTLS, with a login that is a secret, where the certificate is vouched for', async () => {
  // What we trust is read once; what is added here comes after that.
  trustThem();
  const { key, cert, authority } = await makeSigned();
  const before = getCACertificates('default');
  setDefaultCACertificates([...before, authority]);
  const logins: string[] = [];
  const box = await mailbox({
    key,
    cert,
    authOptional: false,
    onAuth: ({ username = '', password = '' }, { secure }, done) => {
      logins.push(`${username} ${password} ${String(secure)}`);
      done(null, { user: username });
    },
  });
  await withEnv({ [VARIABLE]: `smtp://me:correct-horse@127.0.0.1:${box.port}` }, () =>
    send({ server: { env: VARIABLE } }),
  );
  expect(logins).toEqual(['me correct-horse true']);
  expect(box.mails.map(({ secure }) => secure)).toEqual([true]);
  setDefaultCACertificates(before);
  await box.close();
});

test('a relay that refuses is told by its code, not by its words', async () => {
  const box = await mailbox({
    ...PLAIN,
    onRcptTo: (_, __, done) => {
      done(Object.assign(new Error('we know your SECRET'), { responseCode: 554 }));
    },
  });
  const sent = send({ server: `smtp://127.0.0.1:${box.port}`, starttls: 'if-offered' });
  await expect(sent).rejects.toThrow('the mail server has not taken it (EENVELOPE, 554)');
  await box.close();
});

test('a server with a password in the file is refused', async () => {
  const sent = send({ server: 'smtp://me:correct-horse@127.0.0.1:25' });
  await expect(sent).rejects.toMatchObject({ gone: true });
  await expect(sent).rejects.not.toThrow(/correct-horse/);
});
