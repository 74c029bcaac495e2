import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import { findAnsible } from './ansible.ts';
import { AT_ONCE } from './at-once.ts';

/** A process to be started, which brings tenants from 2.3 to 2.4, and ends when they are there. */
export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

export interface Place {
  readonly kubeconfig: string;
  /** For what it writes. */
  readonly folder: string;
}

/** One way of upgrading: typed the same again, where it was killed. */
export interface Way {
  readonly name: WayName;
  /** In words, why it cannot be measured on this machine. */
  readonly why?: string;
  readonly command: (tenants: readonly string[], place: Place) => Command;
}

export type WayName = 'this' | 'kubectl' | 'ansible' | 'floor';

const file = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
/** This tool as it is packed: `npm run build` makes it. */
export const MAIN = file('../../dist/src/cli/main.js');
const WHY = ['--yes', '--why', 'to measure it'];

const ours: Way = {
  name: 'this',
  command: (tenants, { kubeconfig, folder }) => {
    const [tenant = ''] = tenants;
    const one = ['start', '--context', 'sim1', '--namespace', tenant, '--kubeconfig', kubeconfig, ...WHY];
    return {
      file: process.execPath,
      args: [MAIN, ...(tenants.length === 1 ? one : [...fleetOf(tenants, { kubeconfig, folder }), '--wait'])],
      env: {},
    };
  },
};

/** `fleet start` of a file that it writes. */
export function fleetOf(
  tenants: readonly string[],
  { kubeconfig, folder }: Place,
  atOnce: number = AT_ONCE.this,
): string[] {
  const path = join(folder, 'fleet.yaml');
  const fleet = {
    name: 'bench',
    maxConcurrent: atOnce,
    maxConcurrentPerCluster: atOnce,
    clusters: { sim1: {} },
    tenants: tenants.map((name) => ({ name, cluster: 'sim1', namespace: name })),
  };
  writeFileSync(path, stringify(fleet));
  return ['fleet', 'start', '--file', path, '--kubeconfig', kubeconfig, ...WHY];
}

const floor: Way = {
  name: 'floor',
  command: (tenants, { kubeconfig }) => ({
    file: process.execPath,
    args: [file('floor.ts'), kubeconfig, ...tenants],
    env: {},
  }),
};

const kubectl: Way = {
  name: 'kubectl',
  ...whereFound('kubectl', ['version', '--client']),
  command: (tenants, { kubeconfig, folder }) => {
    const list = join(folder, 'tenants');
    writeFileSync(list, tenants.join('\n'));
    const each = [file('upgrade.sh'), 'sim1'];
    return {
      file: 'xargs',
      args: ['--arg-file', list, '--max-args=1', `--max-procs=${AT_ONCE.kubectl}`, ...each],
      env: { KUBECONFIG: kubeconfig },
    };
  },
};

function whereFound(program: string, args: readonly string[]): { readonly why?: string } {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return {};
  } catch {
    return { why: `there is no ${program} on this machine` };
  }
}

function ansible(say: (line: string) => void): Way {
  const found = findAnsible(say);
  const missing = 'why' in found ? found : {};
  return {
    name: 'ansible',
    ...missing,
    command: (tenants, { kubeconfig, folder }) => {
      if ('why' in found) throw new Error(found.why);
      const inventory = join(folder, 'inventory.ini');
      const hosts = tenants.map((name) => `${name} tenant_context=sim1 tenant_namespace=${name}`);
      writeFileSync(inventory, `${hosts.join('\n')}\n`);
      const python = `ansible_python_interpreter=${found.python}`;
      return {
        file: found.playbook,
        args: [
          '--inventory',
          inventory,
          '--forks',
          String(AT_ONCE.ansible),
          '-e',
          python,
          file('upgrade.yml'),
        ],
        env: {
          K8S_AUTH_KUBECONFIG: kubeconfig,
          ANSIBLE_HOME: join(folder, 'ansible'),
          // Whatever this machine says: what Python has compiled is kept, as it is by default.
          PYTHONDONTWRITEBYTECODE: '',
        },
      };
    },
  };
}

/** The ways, this tool's first; what is not there is said, and not measured. */
export const waysOf = (say: (line: string) => void): readonly Way[] => [ours, kubectl, ansible(say), floor];
