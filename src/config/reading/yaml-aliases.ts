import type { Alias, Document, Node } from 'yaml';
import { isAlias, isMap, isNode, isPair, isScalar, isSeq } from 'yaml';

/** What a file may amount to once every alias stands for what it names: 10,000 tenants with 200 values each. */
const MOST_VALUES = 2_000_000;
/** Two a tenant: the library looks for each of them through all. */
const MOST_ALIASES = 20_000;

/** Where each alias leads, or the first thing that is wrong with them. */
export type Aliases =
  { readonly targets: ReadonlyMap<Alias, Node> } | { readonly offset: number; readonly message: string };

/** Follows every alias once, and measures what they make of the document, before anything is made of it. */
export function followAliases(document: Document): Aliases {
  const targets = new Map<Alias, Node>();
  const anchors = new Map<string, { readonly node: Node; size?: number }>();
  let wrong: { readonly offset: number; readonly message: string } | undefined;

  const sizeOfAlias = (alias: Alias): number => {
    const anchor = anchors.get(alias.source);
    const offset = alias.range?.[0] ?? 0;
    if (!anchor)
      wrong ??= {
        offset,
        message: `the alias *${alias.source} stands for nothing: no &${alias.source} comes before it`,
      };
    else if (anchor.size === undefined)
      wrong ??= { offset, message: `the alias *${alias.source} stands for what it is a part of` };
    else if (targets.size === MOST_ALIASES)
      wrong ??= { offset, message: `there are more than ${MOST_ALIASES} aliases` };
    else targets.set(alias, anchor.node);
    return anchor?.size ?? 1;
  };
  const sizeOf = (node: unknown): number => {
    if (wrong) return 1;
    if (isAlias(node)) return sizeOfAlias(node);
    if (isPair(node)) {
      const size = sizeOf(node.key) + sizeOf(node.value);
      if (isMergeKey(node.key) && !mergedBy(node.value, targets).every(isMap))
        wrong ??= {
          offset: startOf(node.key),
          message:
            'what << takes over must be a map, or a list of maps: write it as <<: *name, where &name is a map',
        };
      return size;
    }
    if (!isNode(node)) return 1;
    const anchor: { node: Node; size?: number } = { node };
    if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, anchor);
    const size =
      isMap(node) || isSeq(node) ? node.items.reduce((sum: number, item) => sum + sizeOf(item), 1) : 1;
    if (size > MOST_VALUES)
      wrong ??= {
        offset: startOf(node),
        message: `its aliases make more than ${MOST_VALUES} values of it`,
      };
    anchor.size = size;
    return size;
  };
  sizeOf(document.contents);
  return wrong ?? { targets };
}

const startOf = (node: unknown): number => (isNode(node) ? (node.range?.[0] ?? 0) : 0);

/** `<<`, as it is written: in quotes it is a key like any other. */
export function isMergeKey(key: unknown): boolean {
  if (!isScalar(key)) return false;
  const { value, type } = key;
  return (typeof value === 'symbol' && value.description === '<<') || (type === 'PLAIN' && value === '<<');
}

/** What a merge key takes over, first what counts most. */
export function mergedBy(value: unknown, targets: ReadonlyMap<Alias, Node>): unknown[] {
  const follow = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);
  const source = follow(value);
  return isSeq(source) ? source.items.map(follow) : [source];
}
