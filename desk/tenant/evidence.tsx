import type { JSX } from 'preact';
import type { FailureEvidence } from '../../src/domain/tenant/failure-evidence.ts';
import { describeTrouble } from '../../src/domain/tenant/failure-evidence.ts';

/** What the cluster shows of a failure. */
export function Evidence({
  evidence: { pods, events = [], missing = [] },
}: {
  readonly evidence: FailureEvidence;
}): JSX.Element {
  return (
    <details>
      <summary>What the cluster showed</summary>
      {pods.map((pod) => (
        <div key={`${pod.pod} ${pod.container ?? ''}`}>
          <p>
            {describeTrouble(pod)}
            {pod.gone && ' (it is gone since)'}
            {pod.image !== undefined && `; image: ${pod.image}`}
            {pod.message !== undefined && `; it says: ${pod.message}`}
          </p>
          {pod.log && (
            <pre tabIndex={0} aria-label={`The end of the log of ${pod.pod}`}>
              {pod.log.join('\n')}
            </pre>
          )}
        </div>
      ))}
      {events.length > 0 && (
        <ul>
          {events.map((event) => (
            <li key={event}>{event}</li>
          ))}
        </ul>
      )}
      {missing.map((what) => (
        <p key={what} class="muted">
          not known: {what}
        </p>
      ))}
    </details>
  );
}
