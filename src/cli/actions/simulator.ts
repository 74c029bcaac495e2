import { FaultError } from '../../../simulator/fault-words.ts';
import type { TypedFault } from '../../../simulator/fault-words.ts';
import { serveAudit } from '../../../simulator/audit-server.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { startSimulator } from '../../../simulator/index.ts';
import { scriptFaults } from '../../../simulator/typed-faults.ts';
import type { Listening } from '../../http-listening.ts';
import { urlOf } from '../../http-listening.ts';
import { CliError } from '../cli-error.ts';
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
  const simulator = await startSimulator({
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
  io.out(`ready: ${clusters} clusters with ${empty ? 0 : tenants} tenants each; kubeconfig ${kubeconfig}`);
  if (simulator.control) io.out(`control: ${simulator.control}`);
  const audit = await offerAudit(simulator, flags);
  if (audit) io.out(`audit: ${urlOf('127.0.0.1', audit.port)}`);
  await new Promise<void>((resolve) => {
    onStop(resolve);
  });
  await audit?.close();
  await simulator.close();
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
