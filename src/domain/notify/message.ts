import { plainText } from '../text/plain-text.ts';
import type { Occasion, Scope } from './triggers.ts';

/** What a template may name. Every message has a text for each; what it has nothing to say of is empty. */
export const FACT_NAMES = [
  'subject',
  'event',
  'fleet',
  'tenant',
  'wave',
  'path',
  'tenants',
  'waves',
  'counts',
  'names',
  'next',
  'reason',
  'closes',
  'took',
  'by',
  'why',
  'command',
] as const;

export type FactName = (typeof FACT_NAMES)[number];
export type Facts = Readonly<Partial<Record<FactName, string>>>;

/**
 * Something that people are to be told, once: told again, it has the same `id`. It holds no value of a cluster's environment
 * and no credential.
 */
export interface Message {
  /** Letters, digits, `-` and `_`. */
  readonly id: string;
  readonly occasion: Occasion;
  readonly scope: Scope;
  /** Name of the fleet, or `context/namespace`. */
  readonly of: string;
  readonly wave?: string;
  /** When it happened, ISO 8601 in UTC. */
  readonly at: string;
  readonly facts: Facts;
  /** Numbers for machines, by state of a tenant. */
  readonly counts?: Readonly<Record<string, number>>;
}

const PLACEHOLDER = /\{\{\s*([\w-]*)\s*\}\}/g;

/** Names in a template that are none; empty where all are known. */
export function unknownNames(template: string): string[] {
  const known: readonly string[] = FACT_NAMES;
  return [...template.matchAll(PLACEHOLDER)].flatMap(([, name = '']) => (known.includes(name) ? [] : [name]));
}

/** Of a list of names each stays on its own line. */
const value = (facts: Facts, name: string): string =>
  (facts[name as FactName] ?? '')
    .split(name === 'names' ? '\n' : /(?!)/)
    .map(plainText)
    .join('\n');

/**
 * The text of a template: its names replaced by what they stand for, never filled in again, each on one line but for a list
 * of names. Lines in which all
 * that is named is empty are left out.
 */
export function filled(template: string, facts: Facts): string {
  const lines = template.split('\n').flatMap((line) => {
    const names = [...line.matchAll(PLACEHOLDER)].map(([, name = '']) => facts[name as FactName] ?? '');
    if (names.length > 0 && names.every((value) => value === '')) return [];
    return [line.replace(PLACEHOLDER, (_, name: string) => value(facts, name)).trimEnd()];
  });
  return lines.join('\n').trim();
}
