import { leftBehind } from '../../../../domain/tenant/left-behind.ts';
import type { FleetProgress } from '../../../../domain/fleet/show/progress.ts';
import type { TenantLine } from '../../../../domain/fleet/show/tenant-lines.ts';
import type { FleetTenantState } from '../../../../domain/fleet/tenant/states.ts';
import { FLEET_TENANT_STATES, NEEDS_SOMEBODY, traitsOf } from '../../../../domain/fleet/tenant/states.ts';
import { shellWord } from '../../../../domain/tenant/decisions.ts';
import { someOf } from '../../../../domain/text/some-of.ts';
import type { Part } from '../../../render/html/markup.ts';
import { html } from '../../../render/html/markup.ts';
import { list } from '../../../render/html/page.ts';
import { stateShown } from '../../../tenant/render/html/words.ts';
import { fleetCommand } from '../../fleet-command.ts';
import type { TenantDetail } from '../../tenants.ts';
import { choicesOf } from '../attention.ts';
import { hintOf } from '../hint.ts';
import { plural } from '../state.ts';

/** Of tenants with the same words, so many are named. */
const NAMED = 20;

/** What upgraded tenants have left behind, and what was skipped of them: the same words once, whoever they are about. */
export class LeftBehind {
  readonly #tenants = new Map<string, string[]>();

  add({ line, upgrade }: TenantDetail): void {
    if (!upgrade) return;
    const skipped = upgrade.steps.filter(({ status }) => status === 'skipped');
    for (const words of [...leftBehind(upgrade), ...skipped.map(({ title }) => `skipped: ${title}`)])
      this.#tenants.set(words, [...(this.#tenants.get(words) ?? []), line.name]);
  }

  list(): Part {
    const items = [...this.#tenants].map(
      ([words, names]) => html`${words} <span class="soft">(${someOf(names, NAMED)})</span>`,
    );
    return items.length > 0 && [html`<h3>Left behind, or skipped</h3>`, list(items)];
  }
}

/** What is left to do, state by state: why, and what to type. `anchorOf`: where a tenant stands in the document. */
export function leftToDo(
  progress: FleetProgress,
  lines: readonly TenantLine[],
  anchorOf: ((line: TenantLine) => string) | undefined,
): Part {
  const others = FLEET_TENANT_STATES.filter((state) => !NEEDS_SOMEBODY.includes(state));
  const states = [...NEEDS_SOMEBODY, ...others].filter((state) => traitsOf(state).share !== 'upgraded');
  return [
    list(ofFleet(progress)),
    states.map((state) => {
      const own = lines.filter((line) => line.state === state);
      return own.length > 0 && ofState(progress, { state, lines: own, anchorOf });
    }),
  ];
}

function ofFleet({ name, halted, ending, waves, phase }: FleetProgress): readonly Part[] {
  const awaited = phase === 'ended' ? [] : waves.filter(({ state }) => state === 'awaiting-approval');
  return [
    ...(halted ? [`The fleet has halted: ${halted.why}`] : []),
    ...(ending ? [`It was aborted by ${ending.by}: ${ending.why}`] : []),
    ...awaited.map(
      (wave) =>
        html`Wave ${wave.name} awaits approval:
          <code>${fleetCommand(name, 'approve', `--wave ${shellWord(wave.name)}`, '--why "…"')}</code>`,
    ),
  ];
}

interface Group {
  readonly state: FleetTenantState;
  readonly lines: readonly TenantLine[];
  readonly anchorOf: ((line: TenantLine) => string) | undefined;
}

/** Of those that wait or go on by themselves there is nothing to say but how many they are. */
function ofState({ name, phase }: FleetProgress, { state, lines, anchorOf }: Group): Part {
  const { share, stage } = traitsOf(state);
  const heading = html`<h3>${stateShown(state, share)}: ${plural(lines.length, 'tenant')}</h3>`;
  if (stage === 'waiting' || stage === 'under-way') return heading;
  const items = lines.map((line) => {
    const shown = anchorOf ? html`<a href="#${anchorOf(line)}">${line.name}</a>` : line.name;
    const choices = choicesOf(name, line, phase === 'ended');
    return html`${shown}${line.failure && html` ${line.failure.type}: ${line.failure.message}`}
    ${hintOf(line).join(' ')}${choices.map((choice) => html`<br /><code>${choice}</code>`)}`;
  });
  return [heading, list(items)];
}
