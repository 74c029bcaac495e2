import { describeWindows } from '../../domain/fleet/describe-spec.ts';
import type { WindowAnswer, WindowPolicy } from '../../domain/window.ts';

/** The maintenance windows, and whether one is open or when the next one opens. */
export function renderWindow(policy: WindowPolicy, answer: WindowAnswer): string {
  return `${describeWindows(policy)}; ${answerLine(answer)}`;
}

function answerLine(answer: WindowAnswer): string {
  switch (answer.status) {
    case 'open':
      return answer.closesAtMs === undefined ? 'open' : `open until ${time(answer.closesAtMs)}`;
    case 'closed':
    case 'does-not-fit':
      return `opens at ${time(answer.opensAtMs)}`;
    case 'never':
      return answer.why;
  }
}

const time = (ms: number): string => new Date(ms).toISOString().replace(/:\d\d\.\d{3}Z$/, 'Z');
