import type { Delivery } from '../../../domain/notify/delivery.ts';
import type { FleetProgress } from '../../../domain/fleet/show/progress.ts';
import type { ReceiverStand, TellingView } from '../../../domain/fleet/tell/told.ts';
import { markdownTable } from '../../render/markdown.ts';
import { moment } from '../../render/time.ts';
import { fleetCommand } from '../fleet-command.ts';
import type { Colors } from '../../io.ts';

/** Who is told, and how that went; first whoever is told nothing more. */
export function renderTelling({ name, telling, phase }: FleetProgress, colors: Colors): string[] {
  if (!telling) return [];
  const lost = telling.receivers.flatMap((receiver) =>
    receiver.disabled
      ? [
          colors.red(
            `  ${receiver.name} (${receiver.how}) is told nothing more since ${moment(receiver.disabled.at)}: ${receiver.disabled.why}`,
          ),
          ...(phase === 'ended'
            ? []
            : [`    once it is put right: ${fleetCommand(name, 'set', "--notify '{…}'", '--why "…"')}`]),
        ]
      : [],
  );
  const shown = telling.receivers.map(
    (receiver) => `${receiver.name} (${receiver.how}) ${standText(receiver)}`,
  );
  return [...lost, colors.dim(`  told: ${shown.join('; ')}`)];
}

function standText({ sent, failed, open }: ReceiverStand): string {
  return [
    `${sent} sent`,
    ...(failed > 0 ? [`${failed} not`] : []),
    ...(open > 0 ? [`${open} on the way`] : []),
  ].join(', ');
}

/** The same in a report, with what became of each message. Markdown; empty where nobody was to be told. */
export function reportTelling(telling: TellingView | undefined): string[] {
  if (!telling) return [];
  const rows = telling.receivers.map(({ name, how, sent, failed, open, disabled }) => [
    name,
    how,
    String(sent),
    String(failed),
    String(open),
    disabled ? `${disabled.at}: ${disabled.why}` : '',
  ]);
  return [
    '',
    '## Told',
    '',
    markdownTable(['Receiver', 'By', 'Sent', 'Not sent', 'On the way', 'Nothing more since'], rows),
    ...reportDeliveries(telling.log),
  ];
}

/** What became of each message at each receiver. Markdown; empty where there was none. */
export function reportDeliveries(log: readonly Delivery[]): string[] {
  if (log.length === 0) return [];
  const rows = log.map(({ at, occasion, wave, receiver, outcome, why }) => [
    at,
    occasion,
    wave ?? '',
    receiver,
    outcome,
    why ?? '',
  ]);
  return ['', markdownTable(['At', 'Trigger', 'Wave', 'Receiver', 'Outcome', 'Why'], rows)];
}
