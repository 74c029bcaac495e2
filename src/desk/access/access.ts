import type { BlockList } from 'node:net';
import type { Role } from '../contract.ts';
import type { Tokens } from './tokens.ts';

/** Who may look, and who may do what. */
export type Access =
  /** Whoever is on this machine. */
  | { readonly kind: 'open' }
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  | { readonly kind: 'proxy'; readonly proxy: TrustedProxy };

/** A proxy that says who asks: believed only where a request comes from it. */
export interface TrustedProxy {
  /** Lower case. */
  readonly userHeader: string;
  readonly groupsHeader: string;
  readonly addresses: BlockList;
  /** What members of a group may do; who is in none of them looks. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Who asks. */
export interface Who {
  readonly name: string;
  /** The server knows the name; else it is only what is offered to whoever acts. */
  readonly named: boolean;
  readonly role: Role;
  /** From where, for the report: `token of olga, from 10.0.0.7`. */
  readonly how: string;
}
