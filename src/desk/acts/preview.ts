import { createHash } from 'node:crypto';
import { agreeableTenant } from './tenant-preview.ts';
import type { Act, ActPreview } from '../contract.ts';
import type { Source } from '../source/source.ts';
import { previewFleetAct } from './fleet-preview.ts';
import { isHarmful, roleFor, wordOf } from './harm.ts';
import { typedAct } from './typed-act.ts';
import { wordsOfAct } from './words.ts';

const NAMED = 10;

/** What an act would do; nothing is done. Throws CliError where it would be refused, in the same words. */
export async function previewOf(source: Source, act: Act): Promise<ActPreview> {
  const touched = 'fleet' in act ? await previewFleetAct(source, act) : await agreeableTenant(source, act);
  const { names, refused = [], consequences = [], diff, stand = '' } = touched;
  const tenants = names.length;
  const harmful = isHarmful(act);
  return {
    tenants,
    names: names.slice(0, NAMED),
    refused: refused.slice(0, NAMED * NAMED),
    consequences: [...wordsOfAct(act), ...consequences],
    harmful,
    role: roleFor(act),
    ...(harmful ? { confirm: wordOf(act) } : {}),
    ...(diff ? { diff } : {}),
    seen: hashOf([act, names, stand]),
    command: typedAct(act),
  };
}

const hashOf = (seen: unknown): string =>
  createHash('sha256').update(JSON.stringify(seen)).digest('hex').slice(0, 16);
