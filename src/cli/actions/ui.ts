import { findTemporal } from '../../temporal/connection.ts';
import type { TemporalTarget } from '../../temporal/connection.ts';
import { stopAtExit, stopIfUnused } from '../../temporal/dev-server/dev-server-end.ts';
import type { DeskSettings } from '../../desk/desk.ts';
import { startDesk } from '../../desk/desk.ts';
import type { Listening } from '../../http-listening.ts';
import { urlOf } from '../../http-listening.ts';
import { reportStore } from '../../reports/find-store.ts';
import { Clusters } from '../../openshift/clusters.ts';
import { CliError } from '../cli-error.ts';
import { DESK_PORT } from '../desk-port.ts';
import type { Io } from '../io.ts';
import { listening } from '../listening.ts';
import { END_IT } from '../session.ts';
import { untilStopped } from '../stop-signals.ts';
import type { AccessFlags } from './ui-access.ts';
import { accessOf } from './ui-access.ts';

export interface UiFlags extends AccessFlags {
  readonly port: number;
  readonly allowActions?: boolean;
  readonly temporalUi?: string;
  readonly kubeconfig?: string;
}

/** `ui` */
export async function serveDesk(io: Io, flags: UiFlags): Promise<void> {
  // What is wrong is said before anything is begun.
  const settings = settingsOf(io, flags);
  reportStore();
  const target = await findTemporal(io.err);
  const started = target.server?.started ? target.server : undefined;
  const letGo = started && stopAtExit(started.pid);
  if (started) io.err('It runs only while this desk looks at what it keeps.');
  try {
    const desk = await openDesk(io, target, settings);
    await untilStopped();
    await desk.close();
  } finally {
    letGo?.();
    if (started && !(await stopIfUnused(started.pid, io.err)))
      io.err(`Another command works with the Temporal dev server by now: it goes on; ${END_IT}`);
  }
}

/** What of a desk does not depend on which Temporal it is. */
type Settings = Omit<DeskSettings, 'target'>;

/** Throws CliError, or EncryptionError where a file of secrets is open to others. */
function settingsOf(io: Io, flags: UiFlags): Settings {
  const { port, allowActions = false, kubeconfig, temporalUi } = flags;
  // One that is named must be there.
  if (kubeconfig !== undefined) new Clusters(kubeconfig).contexts();
  if (temporalUi !== undefined && !isPage(temporalUi))
    throw new CliError(`--temporal-ui ${temporalUi} is no address of a page`, {
      hint: 'As in: --temporal-ui https://temporal.example.com',
    });
  return { ...accessOf(flags, io.err), port, allowActions, kubeconfig, temporalUi, say: io.err };
}

/** Links of the desk lead there: nothing but a page does. */
const isPage = (text: string): boolean => /^https?:$/.test(URL.parse(text)?.protocol ?? '');

/** The desk of this machine beside a command that goes on for longer. */
export function openLocalDesk(
  io: Io,
  target: TemporalTarget,
  {
    port = DESK_PORT,
    allowActions,
    kubeconfig,
  }: Partial<Pick<Settings, 'port' | 'allowActions' | 'kubeconfig'>>,
): Promise<Listening> {
  return openDesk(io, target, {
    ...accessOf({ host: '127.0.0.1', groupsHeader: '' }, io.err),
    ...{ port, allowActions: allowActions ?? false, kubeconfig, say: io.err },
  });
}

/** Says where it is. Throws CliError where nobody can listen there. */
async function openDesk(io: Io, target: TemporalTarget, settings: Settings): Promise<Listening> {
  const { host, port, tls, allowActions } = settings;
  const { uiPort } = target.server ?? {};
  const temporalUi = settings.temporalUi ?? (uiPort === undefined ? undefined : urlOf('127.0.0.1', uiPort));
  const desk = await listening({ host, port, flag: '--port' }, () =>
    startDesk({ ...settings, target, temporalUi: temporalUi?.replace(/\/+$/, '') }),
  );
  const url = urlOf(host, desk.port).replace(/^http:/, tls ? 'https:' : 'http:');
  io.err(
    `desk ready: ${url}, ${allowActions ? 'and it steers' : 'it only looks (--allow-actions lets it steer)'}`,
  );
  return desk;
}
