import { badRequest } from '../errors.ts';
import type { Schema, Struct } from './schema.ts';

export interface Decoded {
  readonly value: Record<string, unknown>;
  /** `unknown field "spec.bogus"` */
  readonly unknown: readonly string[];
}

/** A value of the wrong JSON type, as Go's decoder words it. */
export class DecodeError extends Error {}

/** Checks types, drops unknown fields and nulls, as the API's decoder does. Throws DecodeError. */
export function decode(schema: Struct, input: Record<string, unknown>): Decoded {
  const unknown: string[] = [];
  const value = decodeStruct(schema, input, '', unknown);
  return { value, unknown };
}

function decodeStruct(
  schema: Struct,
  input: Record<string, unknown>,
  path: string,
  unknown: string[],
): Record<string, unknown> {
  const output: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(input)) {
    const at = path ? `${path}.${key}` : key;
    const fieldSchema = schema.fields[key];
    if (!fieldSchema) {
      unknown.push(`unknown field "${at}"`);
      continue;
    }
    const decoded = decodeValue(fieldSchema, value, at, schema.name, unknown);
    if (decoded !== undefined && decoded !== null) output[key] = decoded;
  }
  return output;
}

const stripIndexes = (path: string): string => path.replaceAll(/\[\d+\]/g, '');

function decodeValue(
  schema: Schema,
  value: unknown,
  path: string,
  owner: string,
  unknown: string[],
): unknown {
  if (value === null) return null;
  const fail = (goType: string): never => {
    throw new DecodeError(
      `json: cannot unmarshal ${jsonType(value)} into Go struct field ${owner}.${stripIndexes(path)} of type ${goType}`,
    );
  };
  switch (schema.type) {
    case 'any':
      return value;
    case 'string':
      return typeof value === 'string' ? value : fail('string');
    case 'time':
      return typeof value === 'string' ? value : fail('string');
    case 'bool':
      return typeof value === 'boolean' ? value : fail('bool');
    case 'int':
      return typeof value === 'number' && Number.isInteger(value) ? value : fail('int32');
    case 'int-or-string':
    case 'quantity':
      return typeof value === 'number' || typeof value === 'string' ? value : fail('string');
    case 'bytes':
      return typeof value === 'string' ? base64(value) : fail('[]uint8');
    case 'list': {
      if (!Array.isArray(value)) return fail(`[]${goName(schema.of)}`);
      return value.map((item: unknown, index) =>
        decodeValue(schema.of, item, `${path}[${index}]`, owner, unknown),
      );
    }
    case 'map': {
      if (!isRecord(value)) return fail(`map[string]${goName(schema.of)}`);
      return Object.fromEntries(
        Object.entries(value).flatMap(([key, item]) => {
          const decoded = decodeValue(schema.of, item, path, owner, unknown);
          return [[key, decoded ?? (schema.of.type === 'any' ? decoded : '')]];
        }),
      );
    }
    case 'struct':
      return isRecord(value) ? decodeStruct(schema, value, path, unknown) : fail(`v1.${schema.name}`);
  }
}

function goName(schema: Schema): string {
  if (schema.type === 'struct') return `v1.${schema.name}`;
  if (schema.type === 'bytes') return '[]uint8';
  return schema.type;
}

function jsonType(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

/** Go says at which byte of the decoded text the encoding breaks. */
function base64(text: string): string {
  const clean = text.replaceAll(/[\r\n]/g, '');
  const bad = /[^A-Za-z0-9+/=]/.exec(clean);
  if (bad) throw new DecodeError(`illegal base64 data at input byte ${bad.index}`);
  if (clean.length % 4 !== 0) {
    throw new DecodeError(`illegal base64 data at input byte ${Math.floor(clean.length / 4) * 4}`);
  }
  return clean;
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As the API answers a body that does not decode. */
export function undecodable(kind: string, error: DecodeError): Error {
  return badRequest(`${kind} in version "v1" cannot be handled as a ${kind}: ${error.message}`);
}
