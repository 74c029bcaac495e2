import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import type { CodecServerFlags } from '../actions/codec-server.ts';
import type { Io } from '../io.ts';
import { portNumber } from '../options.ts';

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
      'a UI whose pages may ask; may be repeated (default: those of `dev` and docker-compose.yml, http://127.0.0.1:8233 and :8080)',
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
      const { serve } = await import('../actions/codec-server.ts');
      await serve(io, flags);
    });
}

function collectOrigin(argument: string, before: readonly string[] = []): readonly string[] {
  const url = URL.canParse(argument) ? new URL(argument) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== '/')
    throw new InvalidArgumentError('Use an origin, such as https://temporal.example.com.');
  return [...before, url.origin];
}
