import type { Command } from 'commander';
import type { UiFlags } from '../actions/ui.ts';
import { DESK_PORT } from '../desk-port.ts';
import type { Io } from '../io.ts';
import { portNumber } from '../options.ts';

const several = (argument: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  argument,
];

/** `ui`: the desk, a page for whoever watches and steers. */
export function addUi(program: Command, io: Io): void {
  program
    .command('ui')
    .summary('serve a page that shows fleets and tenants live, and steers them')
    .description(
      'Serves the desk, a page that shows what needs somebody, every fleet and every tenant, live, until it is told to stop. It\n' +
        'only looks, unless it is started with --allow-actions; what is said there, by whom and why, stands in the reports.\n' +
        'On this machine it asks for no login. Elsewhere it needs --token-file with --tls-cert and --tls-key, or a proxy that is\n' +
        'trusted: docs/desk-access.md. Exit code: 0 when it is stopped; 6 Temporal cannot be reached, 64 wrong flags.',
    )
    .option('--port <port>', 'port; 0: a free one', portNumber, DESK_PORT)
    .option('--host <address>', 'address that it listens on', '127.0.0.1')
    .option('--allow-actions', 'let those who may say something to fleets and tenants; else it only looks')
    .option(
      '--token-file <path>',
      'who logs in, a line each: look, operate or harm; a name; a token, or sha256: and its digest',
    )
    .option('--user-header <name>', 'the header by which a trusted proxy says who asks')
    .option(
      '--groups-header <name>',
      'the header by which it says in which groups they are',
      'x-forwarded-groups',
    )
    .option(
      '--trusted-proxy <address>',
      'an address, or a network as 10.0.0.0/8, of that proxy; may be repeated',
      several,
    )
    .option('--role <role=group>', 'what members of a group may do, as harm=admins; may be repeated', several)
    .option('--tls-cert <path>', 'certificate of the server, PEM, with those that vouch for it')
    .option('--tls-key <path>', 'its key, PEM, in a file that nobody else reads')
    .option('--temporal-ui <url>', 'where Temporal’s own page is, for links to it')
    .option('--kubeconfig <path>', 'for looks at what an upgrade would change (default: as kubectl finds it)')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  threescale-upgrade ui\n' +
        '  threescale-upgrade ui --allow-actions --host 0.0.0.0 --token-file tokens --tls-cert tls.crt --tls-key tls.key\n' +
        '  threescale-upgrade ui --allow-actions --host 0.0.0.0 --user-header x-forwarded-user --trusted-proxy 10.1.0.0/16 --role operate=upgraders',
    )
    .action(async (flags: UiFlags) => {
      const { serveDesk } = await import('../actions/ui.ts');
      await serveDesk(io, flags);
    });
}
