import type { Span, Tracer } from '@opentelemetry/api';
import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { RequestSeen } from '../openshift/http/requests-seen.ts';
import { requestBegun, requestEnded } from '../openshift/http/requests-seen.ts';

/** A span for each request to a cluster, within the span that it is made in; none of requests that are made in none. */
export function traceRequests(tracer: Tracer): () => void {
  const spans = new WeakMap<object, Span>();
  const begun = (message: unknown): void => {
    if (!trace.getSpan(context.active())) return;
    const { cluster, method, path } = message as RequestSeen;
    const span = tracer.startSpan(`${method} ${resourceOf(path)}`, {
      kind: SpanKind.CLIENT,
      attributes: { 'http.request.method': method, 'server.address': cluster, 'url.path': path },
    });
    spans.set(message as RequestSeen, span);
  };
  const ended = (message: unknown): void => {
    const { outcome } = message as RequestSeen;
    const span = spans.get(message as RequestSeen);
    if (!span) return;
    if (typeof outcome === 'number') span.setAttribute('http.response.status_code', outcome);
    if (typeof outcome === 'string') span.setAttribute('error.type', outcome);
    // Whether something is there is asked for all the time.
    if (typeof outcome === 'string' ? outcome !== 'dropped' : outcome !== 404 && (outcome ?? 0) >= 400)
      span.setStatus({ code: SpanStatusCode.ERROR });
    span.end();
  };
  requestBegun.subscribe(begun);
  requestEnded.subscribe(ended);
  return () => {
    requestBegun.unsubscribe(begun);
    requestEnded.unsubscribe(ended);
  };
}

/** `deploymentconfigs`, of the path of one or of all of them: names of spans are few. */
function resourceOf(path: string): string {
  const [, inNamespace] = /\/namespaces\/[^/]+\/([^/]+)/.exec(path) ?? [];
  if (inNamespace !== undefined) return inNamespace;
  const [, cluster] = /^\/apis?(?:\/[^/]+)?\/v[^/]+\/([^/]+)/.exec(path) ?? [];
  return cluster ?? path.split('/')[1] ?? '';
}
