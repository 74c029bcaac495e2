/**
 * Field types of the API's objects: what the decoder drops as unknown, refuses as of the wrong type, and what a
 * strategic merge patch merges by which key. Names of structs are Go's, because decoding errors show them.
 */
export type Schema =
  | { readonly type: 'string' | 'int' | 'bool' | 'any' | 'int-or-string' | 'quantity' | 'bytes' | 'time' }
  | { readonly type: 'list'; readonly of: Schema; readonly mergeKey?: string; readonly replaceKeys?: boolean }
  | { readonly type: 'map'; readonly of: Schema }
  | Struct;

export interface Struct {
  readonly type: 'struct';
  readonly name: string;
  readonly fields: Readonly<Record<string, Schema>>;
}

export const string: Schema = { type: 'string' };
export const int: Schema = { type: 'int' };
export const bool: Schema = { type: 'bool' };
/** Taken as it comes, whatever it is: not TypeScript's any. */
export const any: Schema = { type: 'any' };
export const time: Schema = { type: 'time' };
export const bytes: Schema = { type: 'bytes' };
export const quantity: Schema = { type: 'quantity' };
export const intOrString: Schema = { type: 'int-or-string' };
export const list = (of: Schema, mergeKey?: string): Schema =>
  mergeKey ? { type: 'list', of, mergeKey } : { type: 'list', of };
export const map = (of: Schema): Schema => ({ type: 'map', of });
export const struct = (name: string, fields: Readonly<Record<string, Schema>>): Struct => ({
  type: 'struct',
  name,
  fields,
});

export const objectMeta = struct('ObjectMeta', {
  name: string,
  generateName: string,
  namespace: string,
  selfLink: string,
  uid: string,
  resourceVersion: string,
  generation: int,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: int,
  labels: map(string),
  annotations: map(string),
  ownerReferences: list(
    struct('OwnerReference', {
      apiVersion: string,
      kind: string,
      name: string,
      uid: string,
      controller: bool,
      blockOwnerDeletion: bool,
    }),
    'uid',
  ),
  finalizers: list(string),
  managedFields: list(any),
});

/** A whole API object: type, metadata, and the fields of its kind. */
export function kind(name: string, fields: Readonly<Record<string, Schema>>): Struct {
  return struct(name, { kind: string, apiVersion: string, metadata: objectMeta, ...fields });
}
