import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CodecServer, CodecServerSettings } from '../../temporal/codec-server.ts';
import { startCodecServer } from '../../temporal/codec-server.ts';
import { readConfiguration } from '../../temporal/connection.ts';
import { payloadCodecs } from '../../temporal/data-converter.ts';
import { EncryptionKeys } from '../../temporal/encryption-keys.ts';
import { keyFile } from '../../temporal/folders.ts';
import { readSecretFile } from '../../temporal/secret-file.ts';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { onStop } from '../stop-signals.ts';

interface CodecServerFlags {
  readonly port: number;
  readonly host: string;
  readonly origin?: readonly string[];
  readonly tokenFile?: string;
}

/** Where `dev` has its UI, by both names of this machine. */
const EMBEDDED_UI = ['http://127.0.0.1:8233', 'http://localhost:8233'];
const SHORTEST_TOKEN = 16;

export function addCodecServer(program: Command, io: Io): void {
  program
    .command('codec-server')
    .summary('let Temporal’s UI and CLI read encrypted and compressed payloads')
    .description(
      'Runs a codec server for Temporal’s UI and CLI until told to stop. It reads what the keys of ' +
        'THREESCALE_UPGRADE_KEY_FILE read, and what is compressed, and says it to whoever may ask: on this machine everybody, ' +
        'with --token-file only who has the token. Beyond this machine it needs one.',
    )
    .option('--port <port>', 'port', portNumber, 8081)
    .option(
      '--host <address>',
      'address that it listens on; others than loopback need --token-file',
      '127.0.0.1',
    )
    .option(
      '--origin <origin>',
      'a UI whose pages may ask; may be repeated (default: that of `dev`, http://127.0.0.1:8233)',
      collectOrigin,
    )
    .option('--token-file <path>', 'a file with a token that each request must bring')
    .addHelpText(
      'after',
      '\nExample:\n' +
        '  threescale-upgrade codec-server &\n' +
        '  temporal workflow show --codec-endpoint http://127.0.0.1:8081 --workflow-id fleet/prod',
    )
    .action(async (flags: CodecServerFlags) => {
      await serve(io, flags);
    });
}

async function serve(
  io: Io,
  { port, host, origin = EMBEDDED_UI, tokenFile }: CodecServerFlags,
): Promise<void> {
  if (!isLoopback(host) && tokenFile === undefined) {
    throw new CliError(`whoever reaches ${host} could read every payload`, {
      hint: 'Add --token-file with a file that holds a token, such as one made with: openssl rand -hex 32',
    });
  }
  const keys = new EncryptionKeys(keyFile());
  const namespace = readConfiguration()?.namespace ?? 'default';
  const server = await listen({
    codecs: payloadCodecs(keys),
    host,
    port,
    origins: origin,
    namespace,
    ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
    onTrouble: io.err,
  });
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  io.err(
    `codec server ready: ${url}, namespace ${namespace}, keys of ${keys.source}; for pages of ${origin.join(', ')}`,
  );
  let letGo: (() => void) | undefined;
  await new Promise<void>((resolve) => {
    letGo = onStop(resolve);
  });
  letGo?.();
  await server.close();
}

async function listen(settings: CodecServerSettings): Promise<CodecServer> {
  const { host, port } = settings;
  try {
    return await startCodecServer(settings);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new CliError(
      code === 'EADDRINUSE'
        ? `port ${port} of ${host} is taken`
        : `cannot listen on ${host}:${port}: ${code}`,
      { hint: 'Name another one with --port; 0 takes a free one.' },
    );
  }
}

function readToken(path: string): string {
  const token = readSecretFile(path, 'the token file').trim();
  if (token.length >= SHORTEST_TOKEN && !/\s/.test(token)) return token;
  throw new CliError(`the token file ${path} holds no token of ${SHORTEST_TOKEN} characters or more`, {
    hint: 'Make one with: openssl rand -hex 32',
  });
}

const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function portNumber(argument: string): number {
  const value = Number(argument);
  if (!/^\d+$/.test(argument) || value > 65_535) throw new InvalidArgumentError('Use a port, 0 to 65535.');
  return value;
}

function collectOrigin(argument: string, before: readonly string[] = []): readonly string[] {
  const url = URL.canParse(argument) ? new URL(argument) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
    throw new InvalidArgumentError('Use an origin, such as https://temporal.example.com.');
  return [...before, url.origin];
}
