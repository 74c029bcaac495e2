/** What of a span leaves the process, and what is said where nobody takes it. */
import { expect, test } from '@jest/globals';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import { endpointGiven } from '../../src/tracing/current.ts';
import { SafeSpans } from '../../src/tracing/safe-spans.ts';

const SECRET = 'hunter2hunter2';

function tracerTo(exporter: SpanExporter, said: string[] = []) {
  const safe = new SafeSpans(exporter, 'http://127.0.0.1:4318', (line) => said.push(line));
  return new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(safe)] }).getTracer('test');
}

test('no message, stack, reason or attribute that is not listed leaves', () => {
  const memory = new InMemorySpanExporter();
  const span = tracerTo(memory).startSpan('RunActivity:rollOut', {
    attributes: {
      temporalTerminateReason: SECRET,
      'http.request.header.authorization': SECRET,
      run_id: 'run',
    },
  });
  span.recordException(new Error(SECRET));
  span.setStatus({ code: 2, message: SECRET });
  span.end();
  const [sent] = memory.getFinishedSpans();
  expect(sent).toMatchObject({
    name: 'RunActivity:rollOut',
    attributes: { run_id: 'run' },
    status: { code: 2 },
    events: [{ name: 'exception', attributes: { 'exception.type': 'Error' } }],
  });
  const { resource: _resource, ...rest } = sent ?? {};
  expect(JSON.stringify(rest)).not.toContain(SECRET);
});

test('a receiver that is away is said once, and once that it is back', () => {
  const said: string[] = [];
  let error: Error | undefined = Object.assign(new Error(SECRET), { code: 'ECONNREFUSED' });
  const tracer = tracerTo(
    {
      export: (_, done) => {
        done(error ? { code: 1, error } : { code: 0 });
      },
      shutdown: () => Promise.resolve(),
    },
    said,
  );
  for (let tries = 0; tries < 3; tries += 1) tracer.startSpan('one').end();
  error = undefined;
  for (let tries = 0; tries < 2; tries += 1) tracer.startSpan('one').end();
  expect(said).toEqual([
    'warning: traces do not arrive at http://127.0.0.1:4318 (ECONNREFUSED): nothing waits for them',
    'traces arrive at http://127.0.0.1:4318 again',
  ]);
});

test.each([
  [{}, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: '' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a' }, 'http://a'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'http://b' }, 'http://b'],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_SDK_DISABLED: 'true' }, undefined],
  [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_TRACES_EXPORTER: 'none' }, undefined],
])('of %j traces go to %s', (env, to) => {
  expect(endpointGiven(env).value).toBe(to);
});
