import { FaultError } from '../../../simulator/fault-words.ts';
import type { TypedFault } from '../../../simulator/fault-words.ts';
import { serveAudit } from '../../../simulator/audit-server.ts';
import type { Simulator, SimulatorOptions } from '../../../simulator/index.ts';
import { startSimulator } from '../../../simulator/index.ts';
import { scriptFaults } from '../../../simulator/typed-faults.ts';
import type { Listening } from '../../http-listening.ts';
import { urlOf } from '../../http-listening.ts';
import { CliError } from '../cli-error.ts';
import { plural } from '../fleet/render/state.ts';
import type { Io } from '../io.ts';
import { listening } from '../listening.ts';
import { onStop } from '../stop-signals.ts';

export interface SimulatorFlags {
  readonly port?: number;
  readonly kubeconfig: string;
  readonly clusters: number;
  readonly tenants: number;
  readonly template?: string;
  readonly empty?: boolean;
  readonly rolloutMs?: number;
  readonly hookMs?: number;
  readonly fault: readonly TypedFault[];
  readonly controlPort?: number;
  readonly auditPort?: number;
}

/** `simulator` */
export async function simulate(io: Io, flags: SimulatorFlags): Promise<void> {
  const {
    port,
    kubeconfig,
    clusters,
    tenants,
    template,
    empty = false,
    rolloutMs,
    hookMs,
    fault,
    controlPort,
  } = flags;
  const simulator = await started({
    clusters,
    tenants: empty ? 0 : tenants,
    empty,
    timing: {
      ...(rolloutMs === undefined ? {} : { rolloutMs }),
      ...(hookMs === undefined ? {} : { hookMs }),
    },
    ...(port === undefined ? {} : { port }),
    ...(controlPort === undefined ? {} : { controlPort }),
    ...(template === undefined ? {} : { template }),
  });
  try {
    scriptFaults(simulator, fault);
    await simulator.writeKubeconfig(kubeconfig);
  } catch (error) {
    await simulator.close();
    if (error instanceof FaultError)
      throw new CliError(`--fault: ${error.message}`, {
        hint: 'See what can go wrong with: threescale-upgrade simulator --help',
      });
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'it cannot be written';
    throw new CliError(`--kubeconfig ${kubeconfig}: ${why}`, {
      hint: 'Name a file in a folder that is there, such as: --kubeconfig sim.yaml',
    });
  }
  io.out(
    `ready: ${plural(clusters, 'cluster')} with ${plural(empty ? 0 : tenants, 'tenant')} each; kubeconfig ${kubeconfig}`,
  );
  if (simulator.control) io.out(`control: ${simulator.control}`);
  const audit = await offerAudit(simulator, flags);
  if (audit) io.out(`audit: ${urlOf('127.0.0.1', audit.port)}`);
  await new Promise<void>((resolve) => {
    onStop(resolve);
  });
  await audit?.close();
  await simulator.close();
}

const LAST_PORT = 65_535;

/** Says which port is taken, and whose it is. Throws CliError. */
async function started(options: SimulatorOptions): Promise<Simulator> {
  const { port = 0, clusters = 1 } = options;
  if (port > 0 && port + clusters - 1 > LAST_PORT) {
    throw new CliError(`--port ${port}: ${clusters} clusters have no room from there on`, {
      hint: `Name one up to ${LAST_PORT - clusters + 1}; 0 takes free ones.`,
    });
  }
  try {
    return await startSimulator(options);
  } catch (error) {
    const isListening = error instanceof Error && 'syscall' in error && error.syscall === 'listen';
    if (!isListening) throw error;
    const taken = 'port' in error ? Number(error.port) : port;
    const flag = taken === options.controlPort ? '--control-port' : '--port';
    return listening({ host: '127.0.0.1', port: taken, flag }, () => Promise.reject(error));
  }
}

async function offerAudit(
  simulator: Simulator,
  { auditPort }: SimulatorFlags,
): Promise<Listening | undefined> {
  if (auditPort === undefined) return undefined;
  const place = { host: '127.0.0.1', port: auditPort, flag: '--audit-port' };
  try {
    return await listening(place, () => serveAudit(simulator.clusters, auditPort));
  } catch (error) {
    await simulator.close();
    throw error;
  }
}
