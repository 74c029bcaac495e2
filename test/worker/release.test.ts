import { expect, test } from '@jest/globals';
import type { PatchActivationInput } from '@temporalio/worker';
import packageJson from '../../package.json' with { type: 'json' };
import { releaseOptions } from '../../src/worker/release.ts';
import * as patches from '../../workflows/patches.ts';

const CHANGES = new Map([
  ['old', '0.1.0'],
  ['later', '0.10.0'],
]);

function makes(asRelease: string, patchId: string, changes?: ReadonlyMap<string, string>): unknown {
  const { patchActivationCallback } = releaseOptions({ asRelease }, changes);
  return patchActivationCallback?.({ patchId } as PatchActivationInput);
}

test.each([
  ['0.1.0', 'old', true],
  ['0.9.0', 'later', false],
  ['0.10.0', 'later', true],
  ['0.10.0', 'of no release yet', false],
  ['0.1.0', '__sdk_internal_patch_number:1', true],
])('as release %s, the change “%s” is made: %s', (asRelease, change, is) => {
  expect(makes(asRelease, change, CHANGES)).toBe(is);
});

test('this release makes all its changes, also where it is named', () => {
  const ids = Object.values(patches);
  expect(ids.filter((id) => makes(packageJson.version, id) !== true)).toEqual([]);
  expect(releaseOptions({})).toEqual({});
});
