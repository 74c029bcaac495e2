/** What the fleet file says of a tenant for people and for waves: any keys and values. */
export type Labels = Readonly<Record<string, string>>;

/** Every key must match; of a list, any value. */
export type LabelSelector = Readonly<Record<string, string | readonly string[]>>;

/** True where every key of the selector has one of the values asked for. */
export function matches(selector: LabelSelector, labels: Labels = {}): boolean {
  return Object.entries(selector).every(([key, wanted]) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value !== undefined && (typeof wanted === 'string' ? wanted === value : wanted.includes(value));
  });
}

/** Each as `tier=canary`, in the order of their keys. */
export function labelTexts(labels: Labels = {}): string[] {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .sort();
}

/** True where it has all of them, each as `tier=canary`. */
export function hasLabels(labels: Labels | undefined, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const own = labelTexts(labels);
  return wanted.every((label) => own.includes(label));
}

/** A tenant of a fleet names its labels by their place in the fleet's list. */
interface WithLabels {
  readonly labels?: readonly Labels[];
}
interface LabelsPlace {
  readonly labels?: number;
}

/** Absent where it has none, or where the fleet was started by a release that did not keep them. */
export function labelsOf({ labels = [] }: WithLabels, { labels: place }: LabelsPlace): Labels | undefined {
  return place === undefined ? undefined : labels[place];
}

/** A label and how many tenants have it. */
export interface LabelCount {
  readonly label: string;
  readonly tenants: number;
}

/** Those that most tenants have, at most so many; those that as many have, by their names. */
export function commonLabels(
  spec: WithLabels & { readonly tenants: readonly LabelsPlace[] },
  most: number,
): LabelCount[] {
  const counts = new Map<string, number>();
  // Tenants share their sets of labels: each set is put into words once.
  for (const [labels, { length }] of Map.groupBy(spec.tenants, (tenant) => labelsOf(spec, tenant)))
    for (const label of labelTexts(labels)) counts.set(label, (counts.get(label) ?? 0) + length);
  return [...counts]
    .map(([label, tenants]) => ({ label, tenants }))
    .sort((a, b) => b.tenants - a.tenants || a.label.localeCompare(b.label, 'en'))
    .slice(0, most);
}
