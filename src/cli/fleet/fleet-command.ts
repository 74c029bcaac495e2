import { shellWord } from '../../domain/tenant/decisions.ts';

/** The command line that speaks about one fleet. */
export function fleetCommand(name: string, verb: string, ...more: readonly string[]): string {
  return ['threescale-upgrade', 'fleet', verb, shellWord(name), ...more].join(' ');
}
