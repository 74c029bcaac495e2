import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { measureRequests } from './requests.ts';
import { measureSteps } from './steps.ts';

/** What a worker measures of itself. */
export interface WorkerMetrics {
  readonly registry: Registry;
  /** To be put around every activity. */
  readonly aroundActivities: ActivityInterceptorsFactory;
  /** Nothing is counted any more. */
  end(): void;
}

/** Begins to measure the steps and requests of this process, and the process itself. */
export function measureWorker(): WorkerMetrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  // Gauges with names of counters, whose kinds are no names of ours.
  for (const name of ['handles', 'requests', 'resources'])
    registry.removeSingleMetric(`nodejs_active_${name}_total`);
  const end = measureRequests(registry);
  return { registry, aroundActivities: measureSteps(registry), end };
}
