import { followSteps, withLeft, withTakenAlong } from '../choices.ts';
import type {
  ContainersOf,
  DeploymentConfigRef,
  EnvSetting,
  RollOutStep,
  Step,
  TagImageStreamStep,
} from '../../tenant/step-kinds.ts';
import type { ValueChecks } from '../../tenant/value-check.ts';
import type { PathOptions } from '../upgrade-path.ts';
import type { ImageName } from './images.ts';
import { IMAGES } from './images.ts';

export const IMPERSONATION_SECRET = 'system-impersonation';

const RELEASE: EnvSetting = { name: 'AMP_RELEASE', value: '2.4.0' };

/** The working names: the guide's literal `--prefix=IMPERSONATION_ADMIN` makes names that nothing reads. */
const IMPERSONATION_ENV: readonly EnvSetting[] = [
  { name: 'IMPERSONATION_ADMIN_DOMAIN', secret: IMPERSONATION_SECRET, key: 'domain' },
  { name: 'IMPERSONATION_ADMIN_USERNAME', secret: IMPERSONATION_SECRET, key: 'username' },
];

/** The rake task splits its arguments at commas, and rake its own at brackets. */
const IMPERSONATION_CHECKS: ValueChecks = { username: 'username', domain: 'domain' };

/**
 * The guide's nine steps and section 1.3, in the order "stage, then switch" (docs/architecture.md): everything is staged
 * under paused rollouts, then each DeploymentConfig rolls once. docs/corrections.md lists each deviation and its reason.
 */
export function stepsFrom23To24(options: PathOptions): Step[] {
  const images = { ...IMAGES, ...options.images };
  const imageOf = (key: ImageName) => ({
    image: images[key],
    ...(options.images?.[key] === undefined ? {} : { imageChosen: true as const }),
  });
  const tagOf = (imageStream: string, key: ImageName, name: string, guide: string) => ({
    ...tag(imageStream, imageOf(key), name, guide),
    runs: withLeft(RUNS[imageStream] ?? [], options),
    ...(options.replaceLatest?.includes(imageStream) ? { replacesLatest: true as const } : {}),
  });
  const impersonation = options.impersonation;
  return [
    {
      kind: 'pause-rollouts',
      id: 'pause-rollouts',
      title: 'Pause the rollouts of every DeploymentConfig the upgrade touches',
      phase: 'stage',
      guide: 'tool',
      skippable: false,
      deploymentConfigs: [
        { name: 'backend-listener' },
        { name: 'backend-worker' },
        { name: 'backend-cron' },
        { name: 'zync' },
        { name: 'system-memcache', optional: true },
        { name: 'system-app' },
        { name: 'system-sidekiq' },
        { name: 'system-sphinx' },
        { name: 'apicast-staging', optional: true },
        { name: 'apicast-production', optional: true },
        { name: 'system-resque', optional: true },
        ...Object.keys(options.takeAlong ?? {}).map((name): DeploymentConfigRef => ({
          name,
          optional: true,
          takenAlong: true,
        })),
      ],
    },
    {
      kind: 'create-route',
      id: 'create-master-route',
      title: 'Create route system-master beside the old one',
      phase: 'stage',
      guide: '1',
      route: 'system-master',
      service: 'system-master',
      port: 'http',
      hostFrom: {
        deploymentConfig: 'system-app',
        container: 'system-master',
        hostEnv: ['MASTER_DOMAIN', 'THREESCALE_SUPERDOMAIN'],
      },
      replaces: OLD_MASTER_ROUTES,
    },
    tagOf('amp-system', 'system', 'AMP system', '2'),
    { ...tagOf('amp-apicast', 'apicast', 'AMP APIcast', '3'), optional: true },
    tagOf('amp-backend', 'backend', 'AMP Backend', '4'),
    tagOf('amp-zync', 'zync', 'AMP Zync', '5'),
    ...followSteps(RUNS, options),
    {
      kind: 'set-image',
      id: 'set-memcache-image',
      title: 'Set the image of dc/system-memcache',
      phase: 'stage',
      guide: '6',
      optional: true,
      deploymentConfig: 'system-memcache',
      container: 'memcache',
      ...imageOf('memcached'),
    },
    {
      kind: 'set-env',
      id: 'set-sidekiq-threads',
      title: 'Set RAILS_MAX_THREADS=25 on dc/system-sidekiq',
      phase: 'stage',
      guide: '8',
      deploymentConfig: 'system-sidekiq',
      containers: VENDORS_CONTAINERS['system-sidekiq'],
      env: [{ name: 'RAILS_MAX_THREADS', value: '25' }, ...(options.releaseEverywhere ? [RELEASE] : [])],
    },
    {
      kind: 'set-env',
      id: 'set-amp-release',
      title: 'Set AMP_RELEASE=2.4.0 on dc/system-app',
      phase: 'stage',
      guide: '9',
      deploymentConfig: 'system-app',
      containers: VENDORS_CONTAINERS['system-app'],
      env: [RELEASE],
      ...(options.releaseEverywhere ? { preHook: true } : {}),
    },
    ...(impersonation ? impersonationStaging(impersonation.fromSecret) : []),
    {
      kind: 'verify-staged',
      id: 'verify-staged',
      title: 'Verify everything staged, before anything moves',
      phase: 'stage',
      guide: 'tool',
    },
    ...withTakenAlong(ROLL_OUTS, options),
    {
      kind: 'delete-deployment-config',
      id: 'delete-resque',
      title: 'Delete dc/system-resque with its replication controllers and pods',
      phase: 'finish',
      guide: '7',
      optional: true,
      deploymentConfig: 'system-resque',
    },
    {
      kind: 'delete-route',
      id: 'delete-old-master-route',
      title: 'Delete the old master route',
      phase: 'finish',
      guide: '1',
      optional: true,
      routes: OLD_MASTER_ROUTES,
      service: 'system-master',
      replacedBy: 'system-master',
    },
    ...(impersonation ? [IMPERSONATION_RAKE] : []),
    {
      kind: 'verify-upgraded',
      id: 'verify-upgraded',
      title: 'Verify the upgraded installation',
      phase: 'finish',
      guide: 'tool',
    },
  ];
}

/** Born as 2.3, and born as 2.2. */
const OLD_MASTER_ROUTES = ['system-master-admin', 'system-master-admin-route'] as const;

function tag(
  imageStream: string,
  image: Pick<TagImageStreamStep, 'image' | 'imageChosen'>,
  name: string,
  guide: string,
): TagImageStreamStep {
  return {
    kind: 'tag-image-stream',
    id: `tag-${imageStream}`,
    title: `Tag imagestream/${imageStream} with 2.4.0 and point latest at it`,
    phase: 'stage',
    guide,
    imageStream,
    tag: '2.4.0',
    ...image,
    displayName: `${name} 2.4.0`,
    latestDisplayName: `${name} (latest)`,
  };
}

/** The vendor's containers: a variable of one that the owner has put beside them is the owner's. */
export const VENDORS_CONTAINERS = {
  'system-app': ['system-master', 'system-provider', 'system-developer'],
  'system-sidekiq': ['system-sidekiq'],
} as const;

/** As the vendor's templates have it, of 2.2, 2.3 and 2.4 alike; dc/system-resque is deleted. */
const RUNS: Readonly<Record<string, readonly ContainersOf[]>> = {
  'amp-system': [
    { deploymentConfig: 'system-app', containers: VENDORS_CONTAINERS['system-app'] },
    { deploymentConfig: 'system-sidekiq', containers: ['system-sidekiq', 'check-svc'] },
    { deploymentConfig: 'system-sphinx', containers: ['system-sphinx', 'system-master-svc'] },
  ],
  'amp-apicast': [
    { deploymentConfig: 'apicast-staging', containers: ['apicast-staging'] },
    { deploymentConfig: 'apicast-production', containers: ['apicast-production', 'system-master-svc'] },
  ],
  'amp-backend': [
    { deploymentConfig: 'backend-listener', containers: ['backend-listener'] },
    { deploymentConfig: 'backend-worker', containers: ['backend-worker', 'backend-redis-svc'] },
    { deploymentConfig: 'backend-cron', containers: ['backend-cron', 'backend-redis-svc'] },
  ],
  'amp-zync': [{ deploymentConfig: 'zync', containers: ['zync', 'zync-db-svc'] }],
};

function impersonationStaging(fromSecret: string): Step[] {
  return [
    {
      kind: 'create-secret',
      id: 'create-impersonation-secret',
      title: `Create secret/${IMPERSONATION_SECRET}`,
      phase: 'stage',
      guide: '1.3',
      secret: IMPERSONATION_SECRET,
      fromSecret,
      keys: ['username', 'domain'],
      checks: IMPERSONATION_CHECKS,
      labels: { app: '3scale-api-management', '3scale.component': 'system' },
    },
    ...(['system-app', 'system-sidekiq'] as const).map((name): Step => ({
      kind: 'set-env',
      id: `set-impersonation-${name}`,
      title: `Set the impersonation variables on dc/${name}`,
      phase: 'stage',
      guide: '1.3',
      deploymentConfig: name,
      containers: VENDORS_CONTAINERS[name],
      env: IMPERSONATION_ENV,
    })),
  ];
}

const IMPERSONATION_RAKE: Step = {
  kind: 'run-in-pod',
  id: 'update-impersonation-admin',
  title: 'Rename the impersonation administrator (cannot be undone by running it again)',
  phase: 'finish',
  guide: '1.3',
  deploymentConfig: 'system-app',
  container: 'system-master',
  command: ['bundle', 'exec', 'rake', 'impersonation_admin_user:update[{username},{domain}]'],
  argumentsFrom: IMPERSONATION_SECRET,
  checks: IMPERSONATION_CHECKS,
};

/**
 * What system-app needs goes before it; what waits for it in an init container (or reads its API) goes after it.
 * Siblings roll side by side, so the switch takes no longer than its longest chain.
 */
const ROLL_OUTS: readonly RollOutStep[] = [
  rollOut('backend-listener', []),
  rollOut('backend-worker', []),
  rollOut('backend-cron', []),
  rollOut('zync', []),
  { ...rollOut('system-memcache', []), optional: true },
  {
    ...rollOut('system-app', [
      'backend-listener',
      'backend-worker',
      'backend-cron',
      'zync',
      'system-memcache',
    ]),
    title: 'Roll out dc/system-app: migrates the database, the point of no return',
    pointOfNoReturn: true,
    skippable: false,
  },
  rollOut('system-sidekiq', ['system-app']),
  rollOut('system-sphinx', ['system-app']),
  { ...rollOut('apicast-staging', ['system-app']), optional: true },
  { ...rollOut('apicast-production', ['system-app']), optional: true },
];

function rollOut(deploymentConfig: string, after: readonly string[]): RollOutStep {
  return {
    kind: 'roll-out',
    id: `roll-out-${deploymentConfig}`,
    title: `Roll out dc/${deploymentConfig}`,
    phase: 'switch',
    guide: 'tool',
    deploymentConfig,
    after: after.map((name) => `roll-out-${name}`),
  };
}

/** DeploymentConfigs of the path whose images come from its image streams. */
export const COMPONENTS: readonly string[] = Object.values(RUNS).flatMap((all) =>
  all.map(({ deploymentConfig }) => deploymentConfig),
);
/** The image streams that the path tags. */
export const STREAMS: readonly string[] = Object.keys(RUNS);
