import type { Who } from '../access/access.ts';
import type { DeskInfo, Stats } from '../contract.ts';
import type { Source } from '../source/source.ts';
import type { Guarded } from './guard.ts';
import type { Page } from './page.ts';
import type { Watches } from './watches.ts';

/** What the desk serves, and how. */
export interface Served {
  readonly source: Source;
  readonly watches: Watches;
  readonly page: Page;
  readonly guarded: Guarded;
  readonly release: string;
  readonly allowActions: boolean;
  readonly traffic: Traffic;
  /** Told what nobody expected, and every act. */
  readonly say: (line: string) => void;
}

/** What goes through this server. */
export interface Traffic {
  readonly sinceMs: number;
  streams: number;
  bytesSent(): number;
}

const READ_ONLY = 'This desk only looks: it was started without --allow-actions.';

/** What the page has to know first. */
export function deskInfo(served: Served, { name, named, role }: Who): DeskInfo {
  const { source, page, release, allowActions } = served;
  const { temporalUi } = source;
  const { address, namespace } = source.session.target;
  const why = readOnlyWhy(allowActions, role);
  return {
    release,
    build: page.build,
    temporal: `${address}, namespace ${namespace}`,
    ...(temporalUi === undefined ? {} : { temporalUi }),
    temporalNamespace: namespace,
    user: { name, named, role: allowActions ? role : 'look' },
    logsOut: served.guarded.access.kind === 'tokens',
    ...(why === undefined ? {} : { readOnly: why }),
    nowMs: Date.now(),
  };
}

/** Why somebody can only look here; undefined where acts are allowed. */
export function readOnlyWhy(allowActions: boolean, role: Who['role']): string | undefined {
  if (!allowActions) return READ_ONLY;
  return role === 'look' ? 'You may look here, and say nothing: your role is look.' : undefined;
}

export function statsOf({ source, watches, traffic }: Served): Stats {
  return {
    sinceMs: traffic.sinceMs,
    nowMs: Date.now(),
    temporal: source.calls.counted,
    streams: traffic.streams,
    views: watches.looked,
    looks: watches.looks,
    bytesSent: traffic.bytesSent(),
  };
}
