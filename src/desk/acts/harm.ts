import type { Act, Role } from '../contract.ts';
import { ROLES } from '../contract.ts';

/** What cannot be taken back, or leaves out many: its name has to be typed, and it needs a role of its own. */
export function isHarmful(act: Act): boolean {
  switch (act.act) {
    case 'abort':
    case 'abandon':
    case 'revert':
    case 'skip-step':
      return true;
    case 'skip':
      return act.choice.tenants?.length !== 1;
    case 'pause':
    case 'resume':
    case 'retry':
    case 'approve':
    case 'set':
    case 'apply':
      return false;
  }
}

export const roleFor = (act: Act): Role => (isHarmful(act) ? 'harm' : 'operate');

/** Whoever has this role may do what takes the other. */
export const mayAct = (role: Role, needed: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(needed);

/** What has to be typed for a harmful act: what it is about. */
export const wordOf = (act: Act): string => ('fleet' in act ? act.fleet : act.tenant.namespace);
