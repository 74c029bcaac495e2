import { differingFields } from '../../domain/tenant/differing-fields.ts';
import { editedByOthers } from '../step-error.ts';
import type { Problem } from '../steps/step-module.ts';
import { edited } from '../steps/step-module.ts';

/** What somebody has changed of an object that the upgrade deletes: the backup, which would put it back, does not have it. */
export interface EditOfDeleted {
  /** `route/system-master-admin` */
  readonly object: string;
  readonly fields: readonly string[];
  /** It is none any more that the upgrade deletes. */
  readonly isLeft?: boolean;
}

/** `before` and `now`: what the object's owner has written; undefined where there was none. */
export function editOfDeleted(object: string, before: unknown, now: unknown): EditOfDeleted | undefined {
  const fields = before === undefined ? ['all of it (the backup has none)'] : differingFields(before, now);
  return fields.length === 0 ? undefined : { object, fields };
}

/** Throws `EditedByOthers`, with the fields, where there is an edit. */
export function refuseEdit(edit: EditOfDeleted | undefined): void {
  if (edit) throw editedByOthers(edit.object, edit.fields.join(', '));
}

/** As it is told while nothing is deleted yet. */
export const problemOf = ({ object, fields, isLeft = false }: EditOfDeleted): Problem =>
  edited(
    `${object}: ${fields.join(', ')} is not as the backup has it, and would be ${isLeft ? 'left' : 'lost'}`,
  );
