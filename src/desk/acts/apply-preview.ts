import picocolors from 'picocolors';
import { CliError } from '../../cli/cli-error.ts';
import { refuseWhatCannotBe } from '../../cli/fleet/actions/apply.ts';
import { renderFleetDiff } from '../../cli/fleet/render/diff.ts';
import { fleetRequest } from '../../cli/fleet/request.ts';
import { standOf } from '../../domain/fleet/spec/apply.ts';
import type { SpecDiff } from '../../domain/fleet/spec/diff.ts';
import { isSame, specDiff } from '../../domain/fleet/spec/diff.ts';
import { plainDeep } from '../../domain/text/plain-text.ts';
import type { Source } from '../source/source.ts';
import { asFile } from './applied-file.ts';
import type { Asked, Touched } from './touched.ts';
import { refused } from './touched.ts';

const PLAIN = picocolors.createColors(false);

/** What a file would change in a fleet that runs. Throws CliError where it is wrong, with all that is, or would be refused. */
export function previewApply(
  { session, kubeconfig }: Source,
  { found, result }: Asked,
  text: string,
): Promise<Touched> {
  return asFile(text, async (file) => {
    const {
      spec: next,
      warnings,
      clusters,
    } = fleetRequest({ file, ...(kubeconfig === undefined ? {} : { kubeconfig }) });
    try {
      requireName(next.name, found.name);
      const { spec } = result;
      const changes = plainDeep(specDiff(spec, next));
      if (isSame(changes) && spec.hash === next.hash)
        throw refused(`Nothing to change: the fleet ${found.name} runs with this.`);
      await refuseWhatCannotBe(session, found, changes);
      const lines = renderFleetDiff(found.name, changes, PLAIN).split('\n');
      return {
        names: touchedBy(changes),
        consequences: warnings.map((warning) => `Mind: ${warning}`),
        diff: { changes, lines },
        stand: JSON.stringify([standOf(spec), next.hash]),
      };
    } finally {
      await clusters.close();
    }
  });
}

function requireName(named: string, fleet: string): void {
  if (named === fleet) return;
  throw new CliError(`the file is of the fleet ${named}, and not of ${fleet}`, {
    hint: `Send the file of the fleet ${fleet}; or open the page of the fleet ${named}.`,
  });
}

function touchedBy({ added, removed, moved, changed }: SpecDiff): string[] {
  return [
    ...new Set([
      ...[...added, ...removed, ...moved].map(({ name }) => name),
      ...changed.flatMap(({ tenants }) => tenants),
    ]),
  ];
}
