import { isRecord } from '../schema/decode.ts';

/** Next larger unit, and how many of the smaller it takes. */
const LARGER: Readonly<Record<string, readonly [unit: string, times: number]>> = {
  m: ['', 1_000],
  '': ['k', 1_000],
  k: ['M', 1_000],
  M: ['G', 1_000],
  Ki: ['Mi', 1_024],
  Mi: ['Gi', 1_024],
  Gi: ['Ti', 1_024],
};

/** A quantity as the API writes it back: a string in its largest whole unit (`1000m` is `1`, `1024Mi` is `1Gi`). */
function canonicalQuantity(value: unknown): unknown {
  const parts = /^(\d+)(m|k|M|G|Ki|Mi|Gi)?$/.exec(String(value));
  if (!parts) return value;
  let amount = Number(parts[1]);
  let unit = parts[2] ?? '';
  for (let next = LARGER[unit]; next && amount >= next[1] && amount % next[1] === 0; next = LARGER[unit]) {
    amount /= next[1];
    unit = next[0];
  }
  return `${amount}${unit}`;
}

/** Rewrites requests and limits in place. */
export function canonicalResources(resources: unknown): void {
  if (!isRecord(resources)) return;
  for (const list of [resources.requests, resources.limits]) {
    if (!isRecord(list)) continue;
    for (const [key, value] of Object.entries(list)) list[key] = canonicalQuantity(value);
  }
}
