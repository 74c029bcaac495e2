import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** All that leaves this process of a span: what else a library puts there is dropped. No value of a cluster is among it. */
const KEPT: ReadonlySet<string> = new Set([
  'temporalWorkflowId',
  'temporalActivityId',
  'temporalUpdateId',
  'run_id',
  'http.request.method',
  'http.response.status_code',
  'error.type',
  'server.address',
  'url.path',
  'threescale.step',
  'threescale.attempt',
  'threescale.exit_code',
]);

/**
 * Sends spans on without what may hold somebody's words: messages of errors and their stacks stay here, as they may be
 * encrypted wherever else they go. Says once that nobody takes spans, and once that somebody does again.
 */
export class SafeSpans implements SpanExporter {
  readonly #exporter: SpanExporter;
  readonly #say: (line: string) => void;
  readonly #endpoint: string;
  #isLost = false;

  constructor(exporter: SpanExporter, endpoint: string, say: (line: string) => void) {
    this.#exporter = exporter;
    this.#endpoint = endpoint;
    this.#say = say;
  }

  export(spans: ReadableSpan[], done: (result: Result) => void): void {
    this.#exporter.export(spans.map(safe), (result) => {
      const isLost = result.error !== undefined;
      if (isLost !== this.#isLost)
        this.#say(
          isLost
            ? `warning: traces do not arrive at ${this.#endpoint} (${reasonOf(result.error)}): nothing waits for them`
            : `traces arrive at ${this.#endpoint} again`,
        );
      this.#isLost = isLost;
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.#exporter.shutdown();
  }

  forceFlush(): Promise<void> {
    return this.#exporter.forceFlush?.() ?? Promise.resolve();
  }
}

/** Not its message, which may quote an answer. */
function reasonOf(error: Error | undefined): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' || typeof code === 'number' ? String(code) : 'no answer';
}

function safe(span: ReadableSpan): ReadableSpan {
  const context = span.spanContext();
  const { name, kind, startTime, endTime, links, duration, ended, resource, parentSpanId } = span;
  return {
    name,
    kind,
    startTime,
    endTime,
    duration,
    ended,
    resource,
    links: links.map(({ context: of }) => ({ context: of })),
    instrumentationLibrary: span.instrumentationLibrary,
    spanContext: () => context,
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    status: { code: span.status.code },
    attributes: keptOf(span.attributes),
    events: span.events.map(({ name: event, time, attributes = {} }) => ({
      name: event,
      time,
      attributes: { 'exception.type': attributes['exception.type'] },
    })),
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

const keptOf = (attributes: Attributes): Attributes =>
  Object.fromEntries(Object.entries(attributes).filter(([key]) => KEPT.has(key)));
