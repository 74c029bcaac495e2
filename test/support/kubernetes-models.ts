/** Objects of Kubernetes, held to the API's own models as @kubernetes/client-node has them, generated from its OpenAPI. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import * as kubernetes from '@kubernetes/client-node/dist/gen/models/all.js';

interface Attribute {
  readonly name: string;
  readonly baseName: string;
  readonly type: string;
}

const FOLDER = dirname(
  createRequire(import.meta.url).resolve('@kubernetes/client-node/dist/gen/models/all.js'),
);
const SIMPLE = new Map([
  ['string', 'string'],
  ['number', 'number'],
  ['boolean', 'boolean'],
  ['Date', 'string'],
]);

/** What is wrong with it, each with its place; empty where it is as the API has it. Unknown keys are wrong. */
export function faultsOf(value: unknown, type: string, at = ''): string[] {
  const [, ofArray] = /^Array<(.*)>$/.exec(type) ?? [];
  if (ofArray !== undefined) {
    if (!Array.isArray(value)) return [`${at}: no list`];
    return value.flatMap((item, index) => faultsOf(item, ofArray, `${at}[${index}]`));
  }
  const [, ofMap] = /^\{ \[key: string\]: (.*); \}$/.exec(type) ?? [];
  if (ofMap !== undefined)
    return entriesOf(value).flatMap(([key, one]) => faultsOf(one, ofMap, `${at}.${key}`));
  if (type === 'IntOrString')
    return ['number', 'string'].includes(typeof value) ? [] : [`${at}: ${typeof value}`];
  if (type === 'any') return [];
  const simple = SIMPLE.get(type);
  if (simple !== undefined)
    return typeof value === simple ? [] : [`${at}: ${typeof value}, and not ${simple}`];
  return faultsOfModel(value, type, at);
}

function faultsOfModel(value: unknown, type: string, at: string): string[] {
  if (typeof value !== 'object' || value === null) return [`${at}: no ${type}`];
  const attributes = attributesOf(type);
  const wrong = entriesOf(value).flatMap(([key, one]) => {
    const attribute = attributes.find(({ baseName }) => baseName === key);
    return attribute ? faultsOf(one, attribute.type, `${at}.${key}`) : [`${at}.${key}: unknown to ${type}`];
  });
  const missing = requiredOf(type).filter((name) => !(name in value));
  return [...wrong, ...missing.map((name) => `${at}.${name}: missing`)];
}

const entriesOf = (value: unknown): [string, unknown][] => Object.entries(value as Record<string, unknown>);

function attributesOf(type: string): readonly Attribute[] {
  const model = (kubernetes as unknown as Record<string, { getAttributeTypeMap?(): Attribute[] }>)[type];
  if (!model?.getAttributeTypeMap) throw new Error(`there is no model ${type}`);
  return model.getAttributeTypeMap();
}

/** Kept in the declarations only: what may be left out has a question mark. */
function requiredOf(type: string): string[] {
  const text = readFileSync(join(FOLDER, `${type}.d.ts`), 'utf8');
  return [...text.matchAll(/^ {4}'(\w+)': /gm)].map(([, name = '']) => name);
}
