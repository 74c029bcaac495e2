/** What a Prometheus expression asks for, and what an exporter has told: enough of both to hold one to the other. */

/** Labels that Prometheus itself adds to what it scrapes. */
const BY_PROMETHEUS = ['job', 'instance'];
const METRIC = /\b(?:threescale_upgrade|temporal|nodejs|process)_[a-z0-9_]+/g;

/** Names of metrics with the labels that they had, of a text in Prometheus' format. */
export function told(text: string): Map<string, Set<string>> {
  const metrics = new Map<string, Set<string>>();
  for (const line of text.split('\n')) {
    const [, name, labels = ''] = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/.exec(line) ?? [];
    if (name === undefined) continue;
    const known = metrics.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="(?:[^"\\]|\\.)*"/g)) known.add(label);
    metrics.set(name, known);
  }
  return metrics;
}

/** What of an expression nobody has told: names of metrics, and labels of those that it selects or groups by. */
export function untold(expr: string, metrics: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const names = [...new Set(expr.match(METRIC))];
  const unknown = names.filter((name) => !metrics.has(name));
  const selected = [...expr.matchAll(/\b([a-z][a-z0-9_]+)\{([^}]*)\}/g)].flatMap(
    ([, name = '', matchers = '']) =>
      [...matchers.matchAll(/(\w+)\s*(?:=~|!~|!=|=)/g)]
        .map(([, label = '']) => label)
        .filter((label) => metrics.has(name) && !has(metrics.get(name), label))
        .map((label) => `${name}{${label}}`),
  );
  const all = new Set(names.flatMap((name) => [...(metrics.get(name) ?? [])]));
  const grouped = [...expr.matchAll(/\b(?:by|on)\s*\(([^)]*)\)/g)]
    .flatMap(([, labels = '']) => labels.split(/,\s*/))
    .filter((label) => label !== '' && !has(all, label))
    .map((label) => `by (${label})`);
  return [...unknown, ...selected, ...grouped];
}

const has = (labels: ReadonlySet<string> | undefined, label: string): boolean =>
  BY_PROMETHEUS.includes(label) || (labels?.has(label) ?? false);
