import { describeWindows } from '../../../domain/fleet/spec/describe.ts';
import type { WindowAnswer, WindowPolicy } from '../../../domain/windows/policy.ts';
import { moment } from '../../render/time.ts';

/** The maintenance windows, and whether one is open or when the next one opens. */
export function renderWindow(policy: WindowPolicy, answer: WindowAnswer): string {
  const described = describeWindows(policy);
  return isAlwaysOpen(policy) ? described : `${described}; ${answerLine(answer)}`;
}

const isAlwaysOpen = ({ windows, freezes }: WindowPolicy): boolean => windows.length + freezes.length === 0;

function answerLine(answer: WindowAnswer): string {
  switch (answer.status) {
    case 'open':
      return answer.closesAtMs === undefined ? 'open' : `open until ${moment(answer.closesAtMs)}`;
    case 'closed':
    case 'does-not-fit':
      return `opens at ${moment(answer.opensAtMs)}`;
    case 'never':
      return answer.why;
  }
}
