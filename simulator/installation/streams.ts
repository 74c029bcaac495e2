import type { Context } from './component.ts';
import type { Images } from './images.ts';
import { labelsOf, manifest } from './manifest.ts';
import type { Manifest } from './manifest.ts';
import type { Doc } from './pieces.ts';

const DISPLAY_NAME = 'openshift.io/display-name';

/** Stream, label, image, and what the stream, its tag and `latest` are called on screen. */
const STREAMS: readonly (readonly [
  name: string,
  component: string,
  image: keyof Images,
  title: string,
  tagTitle: string,
  latestTitle: string,
])[] = [
  ['amp-apicast', 'apicast', 'apicast', 'AMP APIcast', 'AMP APIcast', 'AMP APIcast'],
  ['amp-backend', 'backend', 'backend', 'AMP backend', 'amp-backend', 'amp-backend'],
  ['amp-system', 'system', 'system', 'AMP System', 'AMP system', 'AMP System'],
  ['amp-zync', 'zync', 'zync', 'AMP Zync', 'AMP Zync', 'AMP Zync'],
  [
    'amp-wildcard-router',
    'wildcard-router',
    'router',
    ...([
      'AMP APIcast Wildcard Router',
      'AMP APIcast Wildcard Router',
      'AMP APIcast Wildcard Router',
    ] as const),
  ],
];

const IMPORT = { importPolicy: { insecure: false } };

/** Each stream has the release's image under its version, and `latest` that follows it. */
export function imageStreams({ parameters, images }: Context): Manifest[] {
  const { release } = parameters;
  const titled = (title: string): Doc => ({ annotations: { [DISPLAY_NAME]: title } });
  const ours = STREAMS.map(([name, component, image, title, tagTitle, latestTitle]): Manifest => {
    const made = manifest('image.openshift.io/v1', 'ImageStream', name, labelsOf(parameters, [component]), {
      spec: {
        tags: [
          {
            name: 'latest',
            ...titled(`${latestTitle} (latest)`),
            from: { kind: 'ImageStreamTag', name: release },
          },
          {
            name: release,
            ...titled(`${tagTitle} ${release}`),
            from: { kind: 'DockerImage', name: images[image] },
            ...IMPORT,
          },
        ],
      },
    });
    return { ...made, metadata: { ...made.metadata, annotations: { [DISPLAY_NAME]: title } } };
  });
  const database = manifest(
    'image.openshift.io/v1',
    'ImageStream',
    'postgresql',
    labelsOf(parameters, ['system', 'postgresql']),
    { spec: { tags: [{ name: '9.5', from: { kind: 'DockerImage', name: images.postgresql }, ...IMPORT }] } },
  );
  return [...ours, database];
}
