import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Act, DeskInfo, Role } from '../../src/desk/contract.ts';
import { ROLES } from '../../src/desk/contract.ts';

/** What every part of the page may ask for. */
export interface Desk {
  readonly info: DeskInfo;
  /** Opens the dialog in which an act is shown, reasoned, and done. */
  readonly act: (act: Act, title: string) => void;
  /** Says it to whoever hears the page. */
  readonly say: (text: string) => void;
}

export const DeskContext = createContext<Desk | undefined>(undefined);

export function useDesk(): Desk {
  const desk = useContext(DeskContext);
  if (!desk) throw new Error('there is no desk around this');
  return desk;
}

/** Whether whoever looks may do what takes this role. */
export const mayDo = ({ readOnly, user }: DeskInfo, role: Role): boolean =>
  readOnly === undefined && ROLES.indexOf(user.role) >= ROLES.indexOf(role);
