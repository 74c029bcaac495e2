import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { applied, deltaOf } from '../../src/desk/delta.ts';
import { changedSince, linesAfter } from '../../src/desk/source/lines.ts';
import type { TenantLine } from '../../src/domain/fleet/show/tenant-lines.ts';

const asSent = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

test('what has changed, sent as JSON, makes the one of the other, whatever they are', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.jsonValue({ maxDepth: 4 }), (before, after) => {
      const [one, other] = [asSent(before), asSent(after)];
      expect(applied(one, asSent(deltaOf(one, other)) as ReturnType<typeof deltaOf>)).toEqual(other);
    }),
  );
});

test.each(['toString', '__proto__', 'constructor', 'length', ''])('a field may be called %j', (name) => {
  const named = (value: unknown): unknown => JSON.parse(`{${JSON.stringify(name)}:${JSON.stringify(value)}}`);
  for (const [before, after] of [
    [named(1), {}],
    [{}, named(1)],
    [{}, named({ a: 1 })],
    [named({ a: 1 }), named({ a: 2, b: [] })],
  ]) {
    const delta = asSent(deltaOf(before, after)) as ReturnType<typeof deltaOf>;
    expect(JSON.stringify(applied(before, delta))).toBe(JSON.stringify(after));
  }
});

test('only what has changed is sent', () => {
  const before = { counts: { held: 1, upgraded: 3 }, running: ['a', 'b', 'c'], paused: { by: 'olga' } };
  const after = { counts: { held: 2, upgraded: 3 }, running: ['a', 'x'], paused: undefined };
  expect(deltaOf(before, after)).toEqual([
    { at: ['paused'] },
    { at: ['counts', 'held'], to: 2 },
    { at: ['running', 'length'], to: 2 },
    { at: ['running', 1], to: 'x' },
  ]);
  expect(deltaOf(before, asSent(before))).toEqual([]);
});

const line = (name: string, state: TenantLine['state']): TenantLine => ({
  name,
  tenant: { cluster: 'c', context: 'c', namespace: name },
  wave: 'w',
  state,
  since: '',
  attempts: 0,
});

test('rows say which of them have changed since a version, or that nobody remembers', () => {
  const first = linesAfter(undefined, [line('a', 'pending'), line('b', 'pending')]);
  expect(linesAfter(first, [line('a', 'pending'), line('b', 'pending')])).toBe(first);
  const second = linesAfter(first, [line('a', 'running'), line('b', 'pending')]);
  const third = linesAfter(second, [line('a', 'running'), line('b', 'held')]);
  expect(changedSince(third, first.version)).toEqual([0, 1]);
  expect(changedSince(third, second.version)).toEqual([1]);
  expect(changedSince(third, third.version)).toEqual([]);
  let many = third;
  for (let turn = 0; turn < 60; turn += 1)
    many = linesAfter(many, [line('a', turn % 2 ? 'running' : 'parked'), line('b', 'held')]);
  expect(changedSince(many, first.version)).toBeUndefined();
});
