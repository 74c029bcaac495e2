import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

/** What to type for the same, to be taken along. */
export function Command({ text }: { readonly text: string }): JSX.Element {
  const [copied, setCopied] = useState(false);
  const copy = (): void => {
    void navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <span class="command">
      <code>{text}</code>
      {isSecureContext && (
        <button type="button" class="quiet" onClick={copy} aria-label={`Copy: ${text}`}>
          {copied ? 'copied' : 'copy'}
        </button>
      )}
    </span>
  );
}
