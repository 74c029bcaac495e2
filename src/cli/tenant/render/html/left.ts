import { command, decisionCommand, WHY } from '../../../../domain/tenant/decisions.ts';
import { leftBehind } from '../../../../domain/tenant/left-behind.ts';
import type { TenantProgress } from '../../../../domain/tenant/progress.ts';
import { isFinal } from '../../../../domain/tenant/progress.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';

/** What is left to do, or to know, an item each; empty where nothing is. */
export function leftToDo(progress: TenantProgress): readonly Part[] {
  const { held, state, steps, findings } = progress;
  const skipped = steps.filter(({ status }) => status === 'skipped').map(({ title }) => title);
  const blocked = state === 'blocked' ? findings.filter(({ severity }) => severity === 'fatal') : [];
  return [
    ...(held
      ? [
          html`It is held at <code>${held.stepId}</code>, and waits for a decision:
            ${held.decisions.map(
              (decision) => html`<br /><code>${decisionCommand(progress, held, decision)}</code>`,
            )}`,
        ]
      : []),
    ...(isFinal(state) && state !== 'upgraded' && state !== 'blocked'
      ? [
          html`It is ${state}, and not upgraded. It is started again with
            <code>${command(progress.tenant, 'start', WHY)}</code>`,
        ]
      : []),
    ...blocked.map(({ object, message, hint }) => [
      object === undefined ? '' : `${object}: `,
      `${message} ${hint}`,
    ]),
    ...(isFinal(state) || held ? [] : [`It is not over: it is ${state}.`]),
    ...skipped.map((title) => `Skipped, and not done: ${title}`),
    ...leftBehind(progress),
  ];
}
