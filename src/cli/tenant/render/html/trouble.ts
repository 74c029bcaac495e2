import picocolors from 'picocolors';
import type { StepFailure, TenantProgress } from '../../../../domain/tenant/progress.ts';
import { evidenceLines } from '../evidence.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html, Markup } from '../../../render/html/markup.ts';

/** A page has its own colours. */
const COLORLESS = picocolors.createColors(false);

/** Every failure once, with what the cluster showed of it and what to do about it. */
export function troubles({ held, revertedFor, steps }: TenantProgress): Part {
  const all = [held?.failure, revertedFor, ...steps.map(({ failure }) => failure)];
  const byMessage = new Map(all.flatMap((failure) => (failure ? [[failure.message, failure] as const] : [])));
  return [...byMessage.values()].map(trouble);
}

function trouble(failure: StepFailure): Part {
  const { type, message, hint } = failure;
  const lines = evidenceLines(failure, COLORLESS, '');
  return html`<p><b class="failed">✗ ${type}</b> ${message}</p>
    ${lines.length > 0 && preformatted(lines)}${hint !== undefined && html`<p><span class="soft">What to do:</span> ${hint}</p>`}`;
}

/** Lines as they stand, spaces at their beginnings too. */
function preformatted(lines: readonly string[]): Part {
  const texts = lines.map((line) => {
    const indent = ' '.repeat(line.length - line.trimStart().length);
    return new Markup(`${indent}${html`${line}`.text}\n`);
  });
  return html`<pre>${texts}</pre>`;
}

/** What was tried more often than once on the way there. */
export function retries({ steps }: Pick<TenantProgress, 'steps'>): string {
  return steps
    .filter(({ attempts }) => attempts > 1)
    .map(({ title, attempts }) => `${title} (${attempts} attempts)`)
    .join('; ');
}
