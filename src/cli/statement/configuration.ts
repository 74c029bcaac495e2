import packageJson from '../../../package.json' with { type: 'json' };
import type { FleetSpec } from '../../domain/fleet/spec/spec.ts';
import { canonicalJson } from '../../domain/fleet/file/canonical-json.ts';
import type { ResolvedPath } from '../../domain/tenant/step.ts';
import { documentedPaths } from '../render/html/known-paths.ts';
import type { Resource } from './in-toto.ts';
import { sha256 } from './in-toto.ts';

/** What has written the report. */
export const TOOL: Resource = {
  name: 'tool',
  uri: `pkg:npm/${packageJson.name}@${packageJson.version}`,
};

/** The steps of an upgrade by the hash that it bears; whole where those steps are at hand. */
export function stepsResource(hash: string, paths: readonly ResolvedPath[]): Resource {
  const path = [...paths, ...documentedPaths()].find((candidate) => candidate.hash === hash);
  const { hash: _hash, ...steps } = path ?? { hash };
  return { name: `steps ${hash}`, digest: digestBy(hash, JSON.stringify(steps)) };
}

/** The fleet's file, as it was meant. */
export function fileResource({ hash, ...others }: FleetSpec): Resource {
  return { name: 'fleet file', digest: digestBy(hash, canonicalJson(others)) };
}

/** The plan that it was started by, where it was: the hash that is in the plan's file. */
export const planResources = (planFile: string | undefined): readonly Resource[] =>
  planFile === undefined ? [] : [{ name: 'plan file', digest: { sha256: planFile } }];

/** The first twelve digits are what is always known of it; all of them where the text that they are of is at hand. */
function digestBy(hash: string, text: string): Readonly<Record<string, string>> {
  const whole = sha256(text);
  return { ...(whole.startsWith(hash) ? { sha256: whole } : {}), sha256First12: hash };
}
