import type { Cluster } from '../../simulator/cluster.ts';
import type { ScriptedRegistryFault } from '../../simulator/registry.ts';
import type { RecordedSequence } from './recordings.ts';

const IMAGE = /"dockerImageReference":"([^"@]+)@(sha256:[0-9a-f]{64})"/g;
const inForce = new WeakMap<Cluster, ScriptedRegistryFault>();

/** Lets a cluster's registry know every image that the sequences show, by its recorded digest. */
export function addRecordedImages(cluster: Cluster, all: readonly RecordedSequence[]): void {
  for (const [, repository = '', digest] of JSON.stringify(all).matchAll(IMAGE))
    cluster.registry.add(repository, digest);
}

/** What a sequence says that the registry answers from there on: `answers 404 for gone/*`, `answers every image`. */
export function registryAnswers(cluster: Cluster, words: string): void {
  inForce.get(cluster)?.remove();
  if (words === 'answers every image') return;
  const [, status, folder] = /^answers (\d{3}) for ([\w/-]+)\*$/.exec(words) ?? [];
  if (!status || !folder) throw new Error(`nobody knows how a registry ${words}`);
  const images = new RegExp(`/${folder}`);
  const answer = status === '404' ? 'not-found' : { httpStatus: Number(status) };
  inForce.set(cluster, cluster.registry.fail({ images, answer }));
}
