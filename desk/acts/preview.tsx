import type { JSX } from 'preact';
import type { ActPreview } from '../../src/desk/contract.ts';
import { Command } from '../parts/command.tsx';
import { plural } from '../words/plural.ts';

/** How many it touches, whom, what comes of it, and for whom it is not. */
export function PreviewShown({ preview }: { readonly preview: ActPreview }): JSX.Element {
  const { tenants, names, consequences, refused, diff, command } = preview;
  const hidden = tenants - names.length;
  return (
    <div class="preview">
      <p>
        <b>{plural(tenants, 'tenant')}</b>
        {names.length > 0 && `: ${names.join(', ')}${hidden > 0 ? `, and ${plural(hidden, 'other')}` : ''}`}
      </p>
      <ul>
        {consequences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      {diff && (
        <pre class="diff" tabIndex={0} aria-label="What would change">
          {diff.lines.join('\n')}
        </pre>
      )}
      {refused.length > 0 && (
        <details open={tenants === 0}>
          <summary>Not for {plural(refused.length, 'tenant')}</summary>
          <ul>
            {refused.map(({ tenant, why }) => (
              <li key={tenant}>
                <b>{tenant}</b>: {why}
              </li>
            ))}
          </ul>
        </details>
      )}
      <Command text={command} />
    </div>
  );
}
