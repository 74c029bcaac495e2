import { EDIT_KINDS } from '../faults/foreign-edits.ts';
import { PLACE_KINDS } from '../faults/kinds.ts';
import type { PlaceKind } from '../faults/kinds.ts';

export { API_KINDS, MESSAGE_KINDS, PROCESS_KINDS, WORK_KINDS } from '../faults/kinds.ts';
export const EDITS: readonly PlaceKind[] = EDIT_KINDS;
export const PLACE: readonly PlaceKind[] = PLACE_KINDS.filter(
  (kind) => !(EDIT_KINDS as readonly string[]).includes(kind),
);
