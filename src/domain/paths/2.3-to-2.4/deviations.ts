import type { Deviation } from '../upgrade-path.ts';

/** What is done otherwise than the guide has it, and why; docs/corrections.md is the same for people, held so by a test. */
export const DEVIATIONS: readonly Deviation[] = [
  {
    guide: 'all',
    documented: 'one command after another, each rolls pods',
    trouble: '13 rollouts; system-app has no ready pod while the database migrates',
    instead:
      'stage everything under paused rollouts, verify, then one rollout for each DeploymentConfig along their dependencies',
  },
  {
    guide: '1',
    documented: 'oc create route edge, then delete the old route',
    trouble:
      'drops insecureEdgeTerminationPolicy; two routes with one host: the younger is not admitted; the master portal answers under its old name until the migration',
    instead:
      'the new route keeps all of the old one but its host: labels, annotations (allow-lists, timeouts), TLS with certificates, path, weights. It is created while staging; the old one, found by its service and either of its names (system-master-admin, born as 2.2 system-master-admin-route), goes last, when the new one is admitted',
    inEndState: true,
  },
  {
    guide: '2–5',
    documented: 'JSON patch add /spec/tags/-, twice a stream',
    trouble: 'the server sorts tags by name, so positions move; a failed import is silent and nothing rolls',
    instead:
      "tags are set by name in one guarded patch; the import is waited for, asked for again once, and the registry's own error is reported",
  },
  {
    guide: '6',
    documented: 'patch of the memcache image',
    trouble: 'a merge goes by container name: a wrong name adds a container',
    instead: 'the container must be there',
  },
  {
    guide: '7',
    documented: 'delete dc/system-resque after the image was patched',
    trouble: 'resque rolls to an image without resque, and fails',
    instead:
      'resque stays paused on its 2.3 pods until system-app runs on 2.4; then it is deleted, and its replication controllers and pods are seen gone',
  },
  {
    guide: '8',
    documented: 'oc set env dc/system-sidekiq RAILS_MAX_THREADS=25',
    trouble: 'one more rollout',
    instead: 'staged: one rollout in all',
  },
  {
    guide: '9',
    documented: 'oc set env dc/system-app AMP_RELEASE=2.4.0',
    trouble: 'one more rollout with migrations; the pre-hook and system-sidekiq keep 2.3.0',
    instead:
      "staged; as documented for the containers, and --release-everywhere sets the others too (off by default: then the end state is the guide's)",
  },
  {
    guide: '1.3',
    documented: 'oc create secret --file',
    trouble: 'there is no such command',
    instead: 'the Secret is made from one beside it, so that its values never enter the workflow',
  },
  {
    guide: '1.3',
    documented: '--prefix=IMPERSONATION_ADMIN',
    trouble: 'literal: the variables become IMPERSONATION_ADMINUSERNAME, which nothing reads',
    instead: 'the names that the application reads: IMPERSONATION_ADMIN_USERNAME and _DOMAIN',
  },
  {
    guide: '1.3',
    documented: 'on dc/system-app only',
    trouble: 'system-sidekiq reads them too',
    instead: 'set on both, before the one rollout of each',
    inEndState: true,
  },
  {
    guide: '1.3',
    documented: 'oc deploy --latest',
    trouble: 'gone from oc; one more rollout with migrations',
    instead: 'not needed: the change was staged',
  },
  {
    guide: '1.3',
    documented: 'rake in system-master',
    trouble:
      'success is printed for 0 rows; a comma splits arguments; a missing one writes NULLs; names over 40 characters are cut',
    instead:
      'values are checked first; it runs once in a ready pod; a mark on the Secret says that it ran; the report says that it cannot be undone',
  },
];
