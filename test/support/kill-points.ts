/** A request in the middle of an activity: the `nth` of its kind that an upgrade makes. */
export interface KillPoint {
  readonly name: string;
  readonly method: string;
  /** What the path ends with. */
  readonly path: string;
  /** Requests of the same kind that earlier activities make. */
  readonly after?: number;
}

const point = (name: string, method: string, path: string, after = 0): KillPoint => ({
  name,
  method,
  path,
  after,
});
const config = (name: string, dc: string, after: number): KillPoint =>
  point(name, 'PATCH', `/deploymentconfigs/${dc}`, after);

/** Inside every activity of an upgrade with impersonation: its write, or where it only reads, a read. */
export const FORWARD: readonly KillPoint[] = [
  point('checkTenant', 'GET', '/namespaces/tenant'),
  point('backUpTenant', 'POST', '/secrets'),
  config('pauseRollouts', 'system-memcache', 0),
  point('createRoute', 'POST', '/routes'),
  point('tagImageStream amp-system', 'PATCH', '/imagestreams/amp-system'),
  point('tagImageStream amp-apicast', 'PATCH', '/imagestreams/amp-apicast'),
  point('tagImageStream amp-backend', 'PATCH', '/imagestreams/amp-backend'),
  point('tagImageStream amp-zync', 'PATCH', '/imagestreams/amp-zync'),
  config('setImage', 'system-memcache', 1),
  config('setEnv system-sidekiq', 'system-sidekiq', 1),
  config('setEnv system-app', 'system-app', 1),
  point('createSecret', 'POST', '/secrets', 1),
  config('setEnv impersonation', 'system-app', 2),
  point('verifyStaged', 'GET', '/deploymentconfigs', 3),
  config('rollOut backend-listener', 'backend-listener', 1),
  config('rollOut backend-worker', 'backend-worker', 1),
  config('rollOut backend-cron', 'backend-cron', 1),
  config('rollOut zync', 'zync', 1),
  config('rollOut system-memcache', 'system-memcache', 2),
  config('rollOut system-app', 'system-app', 3),
  config('rollOut system-sidekiq', 'system-sidekiq', 3),
  config('rollOut system-sphinx', 'system-sphinx', 1),
  config('rollOut apicast-staging', 'apicast-staging', 1),
  config('rollOut apicast-production', 'apicast-production', 1),
  point('deleteDeploymentConfig', 'DELETE', '/deploymentconfigs/system-resque'),
  point('deleteRoute', 'DELETE', '/routes/system-master-admin'),
  point('runInPod', 'PATCH', '/secrets/system-impersonation'),
];

/** Inside every compensation of an upgrade whose dc/zync does not come up. */
export const BACKWARD: readonly KillPoint[] = [
  config('pauseAgain', 'backend-cron', 2),
  config('revertEnv system-app', 'system-app', 2),
  config('revertEnv system-sidekiq', 'system-sidekiq', 2),
  config('revertImage', 'system-memcache', 3),
  point('revertImageStreamTag latest', 'PATCH', '/imagestreams/amp-zync', 1),
  point('revertImageStreamTag', 'DELETE', '/imagestreamtags/amp-system%3A2.4.0'),
  point('revertRoute', 'DELETE', '/routes/system-master'),
  config('resumeRollouts', 'system-sphinx', 1),
  config('resumeRollouts of what had moved', 'backend-cron', 3),
];
