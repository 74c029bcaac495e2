import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../src/temporal/dev-server/folders.ts';

/** With its collections, among them kubernetes.core, and the Python package that this one needs. */
const PACKAGES = ['ansible==12.1.0', 'kubernetes==37.0.2'];

export interface Ansible {
  readonly playbook: string;
  readonly python: string;
}

/**
 * Ansible in a virtual environment in the user's cache, made with the first call: some minutes, and 700 MB. In words why not, where
 * there is no Python, or nothing can be had from its registry.
 */
export function findAnsible(say: (line: string) => void): Ansible | { readonly why: string } {
  const folder = join(cacheFolder(), 'bench', 'ansible');
  const found = { playbook: join(folder, 'bin', 'ansible-playbook'), python: join(folder, 'bin', 'python') };
  const installed = join(folder, 'installed');
  if (existsSync(installed)) return found;
  say(`Ansible is installed into ${folder}: some minutes, once`);
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'ignore' });
  } catch {
    return { why: 'there is no Python 3 with venv' };
  }
  try {
    const quiet = ['--quiet', '--disable-pip-version-check'];
    execFileSync(found.python, ['-m', 'pip', 'install', ...quiet, ...PACKAGES], { stdio: 'ignore' });
  } catch {
    return { why: `pip cannot install ${PACKAGES.join(' and ')}` };
  }
  writeFileSync(installed, PACKAGES.join('\n'));
  return found;
}
