import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { Registry } from 'prom-client';
import { Counter, Gauge, Histogram } from 'prom-client';
import { isFailureType } from '../domain/tenant/failure.ts';
import { stepInInput } from '../domain/tenant/step-in-input.ts';
import { FewLabels } from './few-labels.ts';

/** Steps that are told apart: a path has some thirty, and owners may add some of their own. */
const MOST_STEPS = 60;
const SECONDS = [1, 5, 15, 30, 60, 180, 600, 1_800, 3_600];

/** Measures what this process carries out, by step. It fails nothing, and names no tenant. */
export function measureSteps(registry: Registry): ActivityInterceptorsFactory {
  const meters = metersOf(registry);
  const steps = new FewLabels(MOST_STEPS);
  return ({ info }) => ({
    inbound: {
      async execute(input, next) {
        const activity = info.activityType;
        const labels = { activity, step: steps.of(stepInInput(input.args) ?? activity) };
        meters.running.inc({ activity });
        try {
          const outcome = await next(input);
          meters.attempts.inc({ activity, outcome: 'done' });
          meters.duration.observe(labels, (Date.now() - info.scheduledTimestampMs) / 1_000);
          return outcome;
        } catch (error) {
          const outcome = outcomeOf(error);
          meters.attempts.inc({ activity, outcome });
          if (outcome === 'retried') meters.retries.inc({ activity, reason: reasonOf(error) });
          if (outcome === 'failed') meters.failures.inc({ activity, reason: reasonOf(error) });
          throw error;
        } finally {
          meters.running.dec({ activity });
        }
      },
    },
  });
}

function metersOf(registry: Registry) {
  const registers = [registry];
  return {
    duration: new Histogram({
      name: 'threescale_upgrade_step_duration_seconds',
      help: 'How long a step took that is done, with all its attempts and the pauses between them.',
      labelNames: ['activity', 'step'],
      buckets: SECONDS,
      registers,
    }),
    attempts: new Counter({
      name: 'threescale_upgrade_step_attempts_total',
      help: 'Attempts of steps that have ended: done, retried, failed for good, or stopped.',
      labelNames: ['activity', 'outcome'],
      registers,
    }),
    retries: new Counter({
      name: 'threescale_upgrade_step_retries_total',
      help: 'Attempts of steps that failed and are made again by themselves, by what failed.',
      labelNames: ['activity', 'reason'],
      registers,
    }),
    failures: new Counter({
      name: 'threescale_upgrade_step_failures_total',
      help: 'Steps that failed for good: the tenant is reverted or held, by what failed.',
      labelNames: ['activity', 'reason'],
      registers,
    }),
    running: new Gauge({
      name: 'threescale_upgrade_steps_running',
      help: 'Attempts of steps that run in this worker now.',
      labelNames: ['activity'],
      registers,
    }),
  };
}

function outcomeOf(error: unknown): 'stopped' | 'failed' | 'retried' {
  if (error instanceof CancelledFailure) return 'stopped';
  if (error instanceof ApplicationFailure && error.type === 'Cancelled') return 'stopped';
  return error instanceof ApplicationFailure && error.nonRetryable ? 'failed' : 'retried';
}

function reasonOf(error: unknown): string {
  const type = error instanceof ApplicationFailure ? error.type : undefined;
  return isFailureType(type) ? type : 'Unknown';
}
