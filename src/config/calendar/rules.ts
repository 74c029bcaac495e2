import type ICAL from 'ical.js';

/** Of one rule, in all: what recurs more often is no freeze. */
const LOOKS = 200_000;

/** When it recurs up to `horizon`, on the wall clock. The library itself would look for ever for what never comes. */
export function byRule(rule: ICAL.Recur, start: ICAL.Time, horizon: ICAL.Time): ICAL.Time[] {
  const iterator = rule.iterator(start);
  const fits = iterator.check_contracting_rules.bind(iterator);
  let looks = 0;
  iterator.check_contracting_rules = () => {
    looks += 1;
    if (looks > LOOKS)
      throw new Error('recurs too often for a freeze: end its rule by UNTIL or COUNT, or write it in days');
    return iterator.last.compare(horizon) > 0 || fits();
  };
  const times: ICAL.Time[] = [];
  for (;;) {
    const next = iterator.next() as ICAL.Time | null;
    if (!next || next.compare(horizon) > 0) return times;
    times.push(next.clone());
  }
}
