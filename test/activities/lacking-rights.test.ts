import { expect, test } from '@jest/globals';
import { lackingRights } from '../../src/procedure/preflight/lacking-rights.ts';
import { rightsFor } from '../../src/procedure/preflight/rights.ts';
import { allows } from '../../src/openshift/access-rules.ts';
import type { Access, AccessRule } from '../../src/openshift/tenant-api.ts';
import { accessTo, named } from '../../src/openshift/tenant-api.ts';
import { PATH } from '../support/upgrade-input.ts';

const RIGHTS = rightsFor(PATH);
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
    ({ verb, group, resource, subresource, names }): AccessRule => ({
      verbs: [verb],
      apiGroups: [group],
      resources: [subresource === undefined ? resource : `${resource}/${subresource}`],
      ...(names ? { resourceNames: names } : {}),
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
  expect(await lackingRights(api, RIGHTS)).toContainEqual(
    expect.objectContaining(accessTo('patch', 'deploymentconfigs')),
  );
});

test('a rule for named objects does not allow the others', () => {
  expect(allows([{ ...ALL, resourceNames: ['mine'] }], accessTo('get', 'secrets'))).toBe(false);
  expect(
    allows([{ ...ALL, resourceNames: ['mine'] }], named(accessTo('get', 'secrets'), 'mine', 'theirs')),
  ).toBe(false);
});

test('named objects are allowed by rules that name them all, in one rule or several, or that name none', () => {
  const right = named(accessTo('get', 'secrets'), 'mine', 'theirs');
  expect(allows([ALL], right)).toBe(true);
  expect(allows([{ ...ALL, resourceNames: ['mine', 'theirs', 'more'] }], right)).toBe(true);
  expect(
    allows(
      [
        { ...ALL, resourceNames: ['mine'] },
        { ...ALL, resourceNames: ['theirs'] },
      ],
      right,
    ),
  ).toBe(true);
});

test('each right is asked for once: with every name, or without where one step needs any', () => {
  const keys = RIGHTS.map(({ names: _names, ...right }) => JSON.stringify(right));
  expect(new Set(keys).size).toBe(keys.length);
  expect(RIGHTS).toContainEqual(accessTo('delete', 'secrets'));
  const patch = RIGHTS.find(({ verb, resource }) => verb === 'patch' && resource === 'deploymentconfigs');
  expect(patch?.names).toContain('system-resque');
  expect(RIGHTS.filter(({ verb, names }) => names && ['list', 'watch'].includes(verb))).toEqual([]);
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
