import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fleetFileError, openFleetFile } from '../../src/config/fleet/fleet-file.ts';
import type { Resolution } from '../../src/domain/fleet/file/resolve-fleet.ts';
import { resolveFleet } from '../../src/domain/fleet/file/resolve-fleet.ts';
import type { FleetSpec } from '../../src/domain/fleet/spec/spec.ts';
import { nameOfTenant } from '../../src/domain/fleet/spec/spec.ts';

/** Contexts that the kubeconfig has in these tests; `eu2` is another name of eu's cluster. */
const CONTEXTS: Readonly<Record<string, string>> = {
  eu: 'api.eu.example.com:6443',
  eu2: 'api.eu.example.com:6443',
  us: 'api.us.example.com:6443',
};
const NOW_MS = Date.parse('2026-11-24T12:00:00Z');

/** A file that is read is gone again at once. */
export function resolveText(
  text: string,
  { calendars = {}, nowMs = NOW_MS }: { calendars?: Record<string, string>; nowMs?: number } = {},
): { readonly resolution: Resolution; readonly said: string[] } {
  const folder = mkdtempSync(join(tmpdir(), 'threescale-upgrade-fleet-'));
  const file = join(folder, 'fleet.yaml');
  try {
    writeFileSync(file, text);
    for (const [name, content] of Object.entries(calendars)) writeFileSync(join(folder, name), content);
    const opened = openFleetFile(file, nowMs);
    const resolution = resolveFleet(opened.data, {
      identify: (context) => {
        const identity = CONTEXTS[context];
        return identity === undefined ? { why: `no context ${context}` } : { identity };
      },
      hash: (part) => createHash('sha256').update(part).digest('hex').slice(0, 12),
      nowMs,
    });
    if (resolution.status === 'problems') throw fleetFileError(opened, resolution.problems);
    return { resolution, said: resolution.warnings.map((warning) => short(opened.say(warning), folder)) };
  } catch (error) {
    if (error instanceof Error) error.message = short(error.message, folder);
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function specOf(text: string, more?: Parameters<typeof resolveText>[1]): FleetSpec {
  const { resolution } = resolveText(text, more);
  if (resolution.status !== 'resolved') throw new Error('it has problems');
  return resolution.spec;
}

/** Every wave with the names of its tenants. */
export function wavesOf(spec: FleetSpec): Record<string, string[]> {
  let first = 0;
  return Object.fromEntries(
    spec.waves.map(({ name, tenants }) => {
      const own = spec.tenants.slice(first, (first += tenants));
      return [name, own.map((tenant) => nameOfTenant(spec, tenant))];
    }),
  );
}

const short = (text: string, folder: string): string => text.replaceAll(`${folder}/`, '');
