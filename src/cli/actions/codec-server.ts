import { urlOf } from '../../http-listening.ts';
import type { CodecServerSettings } from '../../temporal/codec/codec-server.ts';
import { startCodecServer } from '../../temporal/codec/codec-server.ts';
import { readConfiguration } from '../../temporal/connection.ts';
import { payloadCodecs } from '../../temporal/codec/data-converter.ts';
import { EncryptionKeys } from '../../temporal/codec/encryption-keys.ts';
import { keyFile } from '../../temporal/dev-server/folders.ts';
import { readSecretFile } from '../../temporal/codec/secret-file.ts';
import { CliError } from '../cli-error.ts';
import type { Io } from '../io.ts';
import { listening } from '../listening.ts';
import { untilStopped } from '../stop-signals.ts';

export interface CodecServerFlags {
  readonly port: number;
  readonly host: string;
  readonly origin?: readonly string[];
  readonly tokenFile?: string;
}

/** Where `dev` and docker-compose.yml have their UIs, by both names of this machine. */
const UIS_OF_THIS_MACHINE = [8233, 8080].flatMap((port) => [
  `http://127.0.0.1:${port}`,
  `http://localhost:${port}`,
]);
const SHORTEST_TOKEN = 16;

/** `codec-server` */
export async function serve(
  io: Io,
  { port, host, origin = UIS_OF_THIS_MACHINE, tokenFile }: CodecServerFlags,
): Promise<void> {
  if (!isLoopback(host) && tokenFile === undefined) {
    throw new CliError(`whoever reaches ${host} could read every payload`, {
      hint: 'Add --token-file with a file that holds a token, such as one made with: openssl rand -hex 32',
    });
  }
  const keys = new EncryptionKeys(keyFile());
  const namespace = readConfiguration()?.namespace ?? 'default';
  const settings: CodecServerSettings = {
    codecs: payloadCodecs(keys),
    host,
    port,
    origins: origin,
    namespace,
    ...(tokenFile === undefined ? {} : { token: readToken(tokenFile) }),
    onTrouble: io.err,
  };
  const server = await listening({ host, port, flag: '--port' }, () => startCodecServer(settings));
  const url = urlOf(host, server.port);
  io.err(
    `codec server ready: ${url}, namespace ${namespace}, keys of ${keys.source}; for pages of ${origin.join(', ')}`,
  );
  await untilStopped();
  await server.close();
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
