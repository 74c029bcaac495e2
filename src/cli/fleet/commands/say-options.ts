import type { Command } from 'commander';
import { addMessageOptions, addOutputOption, addWatchOption } from '../../options.ts';

/** --why, --by, -o, and whether to go on watching. */
export function addSayOptions(command: Command): Command {
  return addWatchOption(addOutputOption(addMessageOptions(command))).option(
    '--kubeconfig <path>',
    'with --watch: for the worker beside an embedded Temporal (default: as kubectl finds it)',
  );
}
