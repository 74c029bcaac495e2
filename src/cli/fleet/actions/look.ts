import { attachFleet, fleetExitCode, fleetJson, lookAtFleet } from '../follow.ts';
import type { ExitCode } from '../../exit-codes.ts';
import { noFleet, requireFleet } from '../fleets.ts';
import type { Io } from '../../io.ts';
import type { OutputOptions } from '../../options.ts';
import { renderFleet } from '../render/progress.ts';
import type { Session } from '../../session.ts';
import { withLook } from '../../tenant/with-look.ts';

export interface StatusOptions extends OutputOptions {
  readonly wait?: boolean;
}

/** `fleet watch` */
export function watchFleet(io: Io, name: string, options: OutputOptions): Promise<ExitCode> {
  const show = async (session: Session): Promise<ExitCode> =>
    attachFleet(session, await requireFleet(session, name), options);
  return withLook(io, show, none(name));
}

/** `fleet status` */
export function showFleet(io: Io, name: string, options: StatusOptions): Promise<ExitCode> {
  const show = async (session: Session): Promise<ExitCode> => {
    const fleet = await requireFleet(session, name);
    if (options.wait) return attachFleet(session, fleet, { ...options, quiet: true });
    const view = await lookAtFleet(session, fleet);
    if (options.output === 'json') io.out(fleetJson(view));
    else io.out(renderFleet(view, { nowMs: Date.now(), colors: io.colors }));
    return fleetExitCode(view.progress);
  };
  return withLook(io, show, none(name));
}

const none = (name: string) => async (): Promise<never> => {
  throw await noFleet(name);
};
