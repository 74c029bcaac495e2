import { expect, test } from '@jest/globals';
import { lackingRights } from '../../activities/lacking-rights.ts';
import { rightsFor } from '../../activities/rights.ts';
import type { AccessRule } from '../../src/openshift/access-rules.ts';
import { allows } from '../../src/openshift/access-rules.ts';
import type { Access } from '../../src/openshift/tenant-api.ts';
import { accessTo } from '../../src/openshift/tenant-api.ts';
import { PATH } from '../support/upgrade-lab.ts';

const RIGHTS = rightsFor(PATH.steps);
const ALL: AccessRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] };

/** A cluster that says these rules, and by itself allows what `may` allows. */
function cluster(rules: readonly AccessRule[] | undefined, may: (access: Access) => boolean) {
  const asked: Access[] = [];
  const api = {
    rules: () => Promise.resolve(rules),
    may: (access: Access) => {
      asked.push(access);
      return Promise.resolve(may(access));
    },
  };
  return { api, asked };
}

test('rules that allow everything need one more question only', async () => {
  const { api, asked } = cluster([ALL], () => true);
  expect(await lackingRights(api, RIGHTS)).toEqual([]);
  expect(asked).toEqual([accessTo('create', 'secrets')]);
});

test('what the rules do not allow is asked for by itself, and named where it is refused', async () => {
  const refused = accessTo('create', 'routes', 'custom-host');
  const rules = RIGHTS.filter((right) => JSON.stringify(right) !== JSON.stringify(refused)).map(
    ({ verb, group, resource, subresource }): AccessRule => ({
      verbs: [verb],
      apiGroups: [group],
      resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
    }),
  );
  const { api, asked } = cluster(rules, ({ subresource }) => subresource !== 'custom-host');
  expect(await lackingRights(api, RIGHTS)).toEqual([refused]);
  expect(asked).toHaveLength(2);
});

test('a cluster that does not know all the rules is asked for each right', async () => {
  const { api, asked } = cluster(undefined, () => true);
  expect(await lackingRights(api, RIGHTS)).toEqual([]);
  expect(asked).toHaveLength(RIGHTS.length + 1);
});

test('the rules of a user say nothing of a token that may do less', async () => {
  const { api } = cluster([ALL], ({ verb }) => ['get', 'list', 'watch'].includes(verb));
  expect((await lackingRights(api, RIGHTS)).map(({ verb }) => verb)).not.toContain('get');
  expect(await lackingRights(api, RIGHTS)).toContainEqual(accessTo('patch', 'deploymentconfigs'));
});

test('a rule for named objects does not allow the others', () => {
  expect(allows([{ ...ALL, resourceNames: ['mine'] }], accessTo('get', 'secrets'))).toBe(false);
});

test('a subresource is allowed by its own name, not by that of its resource', () => {
  const rule = (resource: string): AccessRule => ({
    verbs: ['create'],
    apiGroups: [''],
    resources: [resource],
  });
  const exec = accessTo('create', 'pods', 'exec');
  expect(['pods', 'pods/exec', '*/exec', '*'].map((name) => allows([rule(name)], exec))).toEqual([
    false,
    true,
    true,
    true,
  ]);
});
