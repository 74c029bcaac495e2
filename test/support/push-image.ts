import type { Cluster } from '../../simulator/cluster.ts';
import { storeMapping } from '../../simulator/images/mapping.ts';
import { asImageStream } from '../../simulator/objects.ts';
import { RESOURCES } from '../../simulator/resources.ts';

/** Somebody pushes an image to a tag; its digest is made of the name. */
export async function pushImage(
  cluster: Cluster,
  { namespace, stream, tag, name }: Readonly<Record<'namespace' | 'stream' | 'tag' | 'name', string>>,
): Promise<void> {
  const stored = cluster.store.get(RESOURCES.imagestreams, namespace, stream);
  if (!stored) throw new Error(`there is no imagestream/${stream}`);
  const image = `sha256:${Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64)}`;
  const dockerImageReference = `image-registry.example.test/${namespace}/${stream}@${image}`;
  storeMapping(cluster, asImageStream(stored), { tag, image, dockerImageReference }, 'somebody');
  await cluster.settle();
}
