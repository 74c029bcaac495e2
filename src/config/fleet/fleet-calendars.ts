import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import type {
  CalendarEntry,
  CalendarRead,
  FleetFile,
  FreezeEntry,
} from '../../domain/fleet/file/fleet-file.ts';
import { readBounded, UnfitFile } from '../reading/bounded-file.ts';
import type { CalendarRemark } from '../calendar/calendar.ts';
import { readCalendar } from '../calendar/calendar.ts';
import type { fleetFileSchema } from './fleet-schema.ts';
import { whyNotRead } from '../reading/read-text.ts';

type Written = z.output<typeof fleetFileSchema>;
type WrittenFreeze = NonNullable<Written['freezes']>[number];

/** Reads the calendars that a fleet file names, each once: paths are relative to the file. */
export class FleetCalendars {
  readonly #folder: string;
  readonly #nowMs: number;
  readonly #read = new Map<string, CalendarRead>();
  readonly #texts = new Map<string, string>();

  constructor(file: string, nowMs: number) {
    this.#folder = dirname(file);
    this.#nowMs = nowMs;
  }

  /** What they say, one after the other: they are part of the file. */
  get text(): string {
    return [...this.#texts.values()].join('\n');
  }

  /** The file with what its calendars say, or what is wrong with them, beside their names. */
  into({ freezes: ofFleet, ...written }: Written): FleetFile {
    return {
      ...written,
      ...this.#settings({ freezes: ofFleet }),
      clusters: Object.fromEntries(
        Object.entries(written.clusters).map(([name, { freezes, ...cluster }]) => [
          name,
          { ...cluster, ...this.#settings({ freezes }) },
        ]),
      ),
      tenants: written.tenants.map(({ freezes, ...tenant }) => ({
        ...tenant,
        ...this.#settings({ freezes }),
      })),
    };
  }

  #settings({ freezes }: { readonly freezes?: readonly WrittenFreeze[] | undefined }): {
    freezes?: FreezeEntry[];
  } {
    return freezes
      ? { freezes: freezes.map((freeze) => ('calendar' in freeze ? this.#entry(freeze) : freeze)) }
      : {};
  }

  #entry({
    calendar,
    zone,
  }: {
    readonly calendar: string;
    readonly zone?: string | undefined;
  }): CalendarEntry {
    const key = JSON.stringify([calendar, zone]);
    const read = this.#read.get(key) ?? this.#open(calendar, zone);
    this.#read.set(key, read);
    return { calendar, zone, read };
  }

  #open(calendar: string, zone: string | undefined): CalendarRead {
    const path = resolve(this.#folder, calendar);
    const placed = ({ line, message }: CalendarRemark): string =>
      line === undefined ? `${calendar} ${message}` : `${calendar}:${line}: ${message}`;
    try {
      const text = this.#texts.get(path) ?? readBounded(path, 'calendar');
      this.#texts.set(path, text);
      const { freezes, problems, warnings } = readCalendar(text, { zone, nowMs: this.#nowMs });
      return {
        hash: createHash('sha256').update(text).digest('hex').slice(0, 12),
        freezes,
        problems: problems.map(placed),
        warnings: warnings.map(placed),
      };
    } catch (error) {
      if (error instanceof UnfitFile)
        return { hash: '', freezes: [], problems: [`${path} ${error.message}`], warnings: [] };
      const problem = `${path} cannot be read: ${whyNotRead(error)}; name a file that is there, relative to the fleet file`;
      return { hash: '', freezes: [], problems: [problem], warnings: [] };
    }
  }
}
