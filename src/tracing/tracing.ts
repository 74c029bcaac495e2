import { context, propagation, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { envDetectorSync, Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { OpenTelemetryWorkflowClientInterceptor } from '@temporalio/interceptors-opentelemetry';
import type { ActivityInterceptorsFactory } from '@temporalio/worker';
import { activitySpans } from './activity-spans.ts';
import { traceRequests } from './request-spans.ts';
import { SafeSpans } from './safe-spans.ts';

const NAME = 'threescale-upgrade';
/** What is over does not wait longer for its spans to arrive. */
const ENDS_WITHIN_MS = 3_000;

export interface TracingOptions {
  readonly version: string;
  /** As it is shown: without a login that may stand in it. */
  readonly endpoint: string;
  readonly say: (line: string) => void;
}

/** The spans of this process, on their way to where OpenTelemetry's own variables say. */
export class Tracing {
  readonly clientInterceptor = new OpenTelemetryWorkflowClientInterceptor();
  readonly aroundActivities: ActivityInterceptorsFactory;
  readonly #provider: NodeTracerProvider;
  readonly #endRequests: () => void;

  constructor({ version, endpoint, say }: TracingOptions) {
    const exporter = new SafeSpans(new OTLPTraceExporter(), endpoint, say);
    const processor = new BatchSpanProcessor(exporter);
    const named = new Resource({ 'service.name': NAME, 'service.version': version });
    const resource = named.merge(envDetectorSync.detect());
    this.#provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
    this.#provider.register();
    this.aroundActivities = activitySpans({ processor, resource });
    this.#endRequests = traceRequests(this.#provider.getTracer(`${NAME}/requests`));
  }

  /** Runs a command in a span; `outcome` says afterwards what it is called, and how it ended. */
  async command<T>(
    work: () => Promise<T>,
    outcome: () => { readonly name: string; readonly exitCode: number },
  ): Promise<T> {
    return trace.getTracer(NAME).startActiveSpan(NAME, async (span) => {
      let isWell = false;
      try {
        const result = await work();
        const { exitCode } = outcome();
        isWell = exitCode === 0;
        span.setAttribute('threescale.exit_code', exitCode);
        return result;
      } finally {
        span.updateName(`${NAME} ${outcome().name}`);
        span.setStatus({ code: isWell ? SpanStatusCode.OK : SpanStatusCode.ERROR });
        span.end();
      }
    });
  }

  /** Sends what is left, and waits for some seconds for it. */
  async end(): Promise<void> {
    this.#endRequests();
    const sent = this.#provider.shutdown().catch(() => undefined);
    await Promise.race([sent, sleep(ENDS_WITHIN_MS, undefined, { ref: false })]);
    trace.disable();
    context.disable();
    propagation.disable();
  }
}
