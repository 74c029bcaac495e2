import type { Registry } from 'prom-client';
import { Counter, Histogram } from 'prom-client';
import type { RequestSeen } from '../openshift/http/requests-seen.ts';
import { requestEnded } from '../openshift/http/requests-seen.ts';
import { FewLabels } from './few-labels.ts';

/** Clusters that are told apart: each has a series for every status. */
const MOST_CLUSTERS = 100;
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Counts every request to a cluster of this process from now on. Returns how to stop. */
export function measureRequests(registry: Registry): () => void {
  const registers = [registry];
  const clusters = new FewLabels(MOST_CLUSTERS);
  const total = new Counter({
    name: 'threescale_upgrade_api_requests_total',
    help: 'Requests to the API of a cluster that have ended, by the status of the answer, or why there was none.',
    labelNames: ['cluster', 'status'],
    registers,
  });
  const seconds = new Counter({
    name: 'threescale_upgrade_api_request_seconds_total',
    help: 'How long the requests to the API of a cluster took together, without watches and commands.',
    labelNames: ['cluster'],
    registers,
  });
  const duration = new Histogram({
    name: 'threescale_upgrade_api_request_duration_seconds',
    help: 'How long a request to the API of a cluster took, without watches and commands.',
    labelNames: ['method'],
    buckets: SECONDS,
    registers,
  });
  const count = (message: unknown): void => {
    const { cluster: of, method, outcome, isLong, beganMs } = message as RequestSeen;
    const cluster = clusters.of(of);
    total.inc({ cluster, status: String(outcome) });
    if (isLong) return;
    const took = (performance.now() - beganMs) / 1_000;
    seconds.inc({ cluster }, took);
    duration.observe({ method }, took);
  };
  requestEnded.subscribe(count);
  return () => {
    requestEnded.unsubscribe(count);
  };
}
