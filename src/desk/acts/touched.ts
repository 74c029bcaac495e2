import { CliError } from '../../cli/cli-error.ts';
import { EXIT } from '../../cli/exit-codes.ts';
import type { FoundFleet } from '../../cli/fleet/fleets.ts';
import type { FleetResult } from '../../domain/fleet/fleet-upgrade.ts';
import type { ActPreview } from '../contract.ts';

/** What an act would touch as things stand. */
export interface Touched {
  readonly names: readonly string[];
  readonly refused?: ActPreview['refused'];
  /** Besides what comes of every such act. */
  readonly consequences?: readonly string[];
  readonly diff?: ActPreview['diff'];
  /** What it rests on besides those it touches. */
  readonly stand?: string;
}

/** A fleet as it is asked before something is said to it. */
export interface Asked {
  readonly found: FoundFleet;
  readonly result: FleetResult;
}

/** The fleet would refuse it, for this reason. */
export const refused = (why: string, hint?: string): CliError =>
  new CliError(why, { exitCode: EXIT.refused, ...(hint === undefined ? {} : { hint }) });
