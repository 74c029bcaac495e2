/**
 * A 3scale installation in memory: as much of OpenShift as the upgrade's order, guards and compensations can be judged
 * by. DeploymentConfigs roll when they are un-paused and their template is not the one that runs; image streams write
 * their newest image into the templates; every write is counted.
 */
export interface FakeDeploymentConfig {
  paused: boolean;
  imageStream?: string;
  readonly template: { image: string; readonly env: Record<string, string> };
  /** The template that its pods run. */
  running: string;
  rollouts: number;
}

export interface FakeRoute {
  readonly host: string;
  readonly tls: string;
}

interface Objects {
  readonly deploymentConfigs: Record<string, FakeDeploymentConfig>;
  readonly imageStreams: Record<string, { readonly tags: Record<string, string>; latest: string }>;
  readonly routes: Record<string, FakeRoute>;
  readonly secrets: Record<string, string>;
}

const STREAM_OF: Record<string, string> = {
  'backend-listener': 'amp-backend',
  'backend-worker': 'amp-backend',
  'backend-cron': 'amp-backend',
  zync: 'amp-zync',
  'system-app': 'amp-system',
  'system-sidekiq': 'amp-system',
  'system-sphinx': 'amp-system',
  'system-resque': 'amp-system',
  'apicast-staging': 'amp-apicast',
  'apicast-production': 'amp-apicast',
};

const OLD_ROUTE: FakeRoute = { host: 'master-admin.example.com', tls: 'edge/Allow' };

export class FakeInstallation {
  readonly deploymentConfigs = new Map<string, FakeDeploymentConfig>();
  readonly imageStreams = new Map<string, { readonly tags: Record<string, string>; latest: string }>();
  readonly routes = new Map<string, FakeRoute>([['system-master-admin', OLD_ROUTE]]);
  readonly secrets = new Map<string, string>();
  /** Objects written, in order. */
  readonly writes: string[] = [];

  constructor() {
    for (const stream of ['amp-system', 'amp-apicast', 'amp-backend', 'amp-zync']) {
      this.imageStreams.set(stream, { tags: { '2.3.0': `${stream}@2.3` }, latest: '2.3.0' });
    }
    for (const [name, imageStream] of Object.entries(STREAM_OF)) {
      this.#addDeploymentConfig(name, { imageStream, image: `${imageStream}@2.3` });
    }
    this.#addDeploymentConfig('system-memcache', { image: 'memcached:1.4.15' });
    this.deploymentConfig('system-app').template.env['AMP_RELEASE'] = '2.3.0';
    for (const config of this.deploymentConfigs.values()) config.running = JSON.stringify(config.template);
  }

  #addDeploymentConfig(name: string, { image, imageStream }: { image: string; imageStream?: string }): void {
    this.deploymentConfigs.set(name, {
      paused: false,
      ...(imageStream === undefined ? {} : { imageStream }),
      template: { image, env: {} },
      running: '',
      rollouts: 0,
    });
  }

  deploymentConfig(name: string): FakeDeploymentConfig {
    const found = this.deploymentConfigs.get(name);
    if (!found) throw new Error(`the fake has no dc/${name}`);
    return found;
  }

  imageStream(name: string) {
    const found = this.imageStreams.get(name);
    if (!found) throw new Error(`the fake has no imagestream/${name}`);
    return found;
  }

  pause(name: string): void {
    this.deploymentConfig(name).paused = true;
    this.writes.push(`pause ${name}`);
  }

  /** Un-pauses; rolls once where the template is not what runs. */
  resume(name: string): void {
    const config = this.deploymentConfig(name);
    config.paused = false;
    this.writes.push(`resume ${name}`);
    this.#roll(config);
  }

  setTemplate(name: string, change: { image?: string; env?: Record<string, string | undefined> }): void {
    const config = this.deploymentConfig(name);
    if (change.image !== undefined) config.template.image = change.image;
    for (const [key, value] of Object.entries(change.env ?? {})) {
      if (value === undefined) delete config.template.env[key];
      else config.template.env[key] = value;
    }
    this.writes.push(
      `template ${name} ${[...(change.image === undefined ? [] : ['image']), ...Object.keys(change.env ?? {})].join(' ')}`,
    );
    this.#roll(config);
  }

  /** Points `latest` at a tag: image triggers write it into every template of the stream, paused or not. */
  tag(stream: string, tag: string, image?: string): void {
    const imageStream = this.imageStream(stream);
    if (image === undefined) delete imageStream.tags['2.4.0'];
    else imageStream.tags[tag] = image;
    imageStream.latest = tag;
    this.writes.push(`tag ${stream}`);
    for (const config of this.deploymentConfigs.values()) {
      if (config.imageStream !== stream) continue;
      config.template.image = imageStream.tags[tag] ?? '';
      this.#roll(config);
    }
  }

  #roll(config: FakeDeploymentConfig): void {
    const wanted = JSON.stringify(config.template);
    if (config.paused || config.running === wanted) return;
    config.running = wanted;
    config.rollouts += 1;
  }

  /** What a backup holds, and what a test compares: everything but counters and the backups themselves. */
  spec(): Objects {
    const configs = [...this.deploymentConfigs].map(
      ([name, config]) => [name, { ...config, rollouts: 0 }] as const,
    );
    const secrets = [...this.secrets].filter(([name]) => !name.startsWith('threescale-upgrade-backup-'));
    return JSON.parse(
      JSON.stringify({
        deploymentConfigs: sorted(configs),
        imageStreams: sorted([...this.imageStreams]),
        routes: sorted([...this.routes]),
        secrets: sorted(secrets),
      }),
    ) as Objects;
  }
}

function sorted<T>(entries: readonly (readonly [string, T])[]): Record<string, T> {
  return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
