import { isDeepStrictEqual } from 'node:util';
import { differingFields } from '../../domain/tenant/differing-fields.ts';
import type { CreateSecretStep } from '../../domain/tenant/step-kinds.ts';
import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import type { Secret } from '../../openshift/types.ts';
import { accessTo, named } from '../../openshift/tenant-api.ts';
import { refuseBadValues, valueProblems } from '../edit/checked-values.ts';
import { asSeen, lookAgainOnConflict } from '../edit/look-again.ts';
import { CREATED_BY, isCreatedByUs, TOOL } from '../claim/marks.ts';
import { editedByOthers, StepError } from '../step-error.ts';
import type { StepModule } from './step-module.ts';
import { blocked, DONE, edited, NOTHING, UNCHANGED } from './step-module.ts';

/** Copies keys from one Secret of the namespace to another: the values never leave the cluster's own network path. */
export const createSecret: StepModule<'create-secret'> = {
  async inspect({ api, announced = [] }, step) {
    const [current, source] = await Promise.all([
      api.get('secrets', step.secret),
      api.get('secrets', step.fromSecret),
    ]);
    if (current && (!source || isDeepStrictEqual(current.data, pick(source.data, step)))) return NOTHING;
    if (current) return blocked(`secret/${step.secret} is there already, with other values`);
    if (!source && !announced.includes(step.fromSecret))
      return blocked(`secret/${step.fromSecret}, which holds the values, is not there`);
    const after = `keys ${step.keys.join(' and ')}, from secret/${step.fromSecret}`;
    return { status: 'todo', changes: [{ object: `secret/${step.secret}`, path: '', after }] };
  },

  async apply({ api }, step) {
    const current = await api.get('secrets', step.secret);
    const data = await wanted(api, step);
    if (current) {
      refuseOthers(current, data);
      return UNCHANGED;
    }
    try {
      await api.create('secrets', {
        metadata: { name: step.secret, labels: step.labels, annotations: { [CREATED_BY]: TOOL } },
        type: 'Opaque',
        data,
      });
    } catch (error) {
      const meanwhile = isOpenShiftError(error, 'AlreadyExists') && (await api.get('secrets', step.secret));
      if (!meanwhile) throw error;
      // Our own, of an attempt whose answer was lost: it has taken effect late.
      refuseOthers(meanwhile, data);
    }
    return DONE;
  },

  async verify({ api }, step) {
    const current = await api.get('secrets', step.secret);
    if (!current) return [edited(`secret/${step.secret} is not there`)];
    const lacking = step.keys.filter((key) => current.data?.[key] === undefined);
    if (lacking.length > 0) return lacking.map((key) => edited(`secret/${step.secret} has no key ${key}`));
    const found = valueProblems(current.data, step.keys, step.checks);
    return found.map((what) => edited(`secret/${step.secret}: ${what}`));
  },

  async revert(work, step) {
    const backup = await work.backup();
    return lookAgainOnConflict(work.api.signal, async () => {
      const current = await work.api.get('secrets', step.secret);
      if (!current || !backup || backup.secrets.includes(step.secret)) return UNCHANGED;
      // Upgrades of earlier releases, whose backups have no versions, left no mark.
      if (!isCreatedByUs(current) && backup.versions !== undefined)
        return { ...UNCHANGED, note: `secret/${step.secret} is left: this upgrade has not created it` };
      const source = await work.api.get('secrets', step.fromSecret);
      if (!source) throw onlyCopy(step);
      const made = { metadata: { labels: step.labels, annotations: {} }, data: pick(source.data, step) };
      const fields = differingFields(made, written(current));
      const own = fields.filter((field) => !step.keys.some((key) => field === `data.${key}`));
      if (own.length > 0) throw editedByOthers(`secret/${step.secret}`, own.join(', '));
      if (fields.length > 0) throw notAsCopied(step, fields);
      await work.api.delete('secrets', step.secret, asSeen(current));
      return DONE;
    });
  },

  tellsOfVersion: 'with-others',

  touches: ({ secret: name }) => [{ resource: 'secrets', name }],

  rights: ({ secret }) => [
    ...(['get', 'create'] as const).map((verb) => accessTo(verb, 'secrets')),
    named(accessTo('delete', 'secrets'), secret),
  ],
};

function refuseOthers({ metadata, data = {} }: Secret, wanted: Readonly<Record<string, string>>): void {
  const fields = differingFields({ data: wanted }, { data });
  if (fields.length > 0) throw editedByOthers(`secret/${metadata.name}`, fields.join(', '));
}

/**
 * All that its owner may have written, but for the tool’s own marks. What `oc apply` or a GitOps controller notes there for
 * itself counts as well: the upgrade creates it without, so somebody has taken it up into manifests of his own.
 */
function written({ metadata: { labels = {}, annotations = {} }, data = {} }: Secret): unknown {
  const others = Object.entries(annotations).filter(([key]) => !key.startsWith(OUR_MARKS));
  return { metadata: { labels, annotations: Object.fromEntries(others) }, data };
}

const OUR_MARKS = 'threescale-upgrade/';

/** Which of the two somebody has edited nobody can tell. */
function notAsCopied({ secret, fromSecret }: CreateSecretStep, fields: readonly string[]): StepError {
  return new StepError(
    'EditedByOthers',
    `secret/${secret}: ${fields.join(', ')} is not as secret/${fromSecret}, from which it was copied, has it now: somebody has changed one of them since`,
    `Where nobody needs what secret/${secret} holds, delete it; or make it as the other one again; then retry.`,
  );
}

/** Whether somebody has edited it nobody can tell then, and what it holds may be nowhere else any more. */
function onlyCopy({ secret, fromSecret }: CreateSecretStep): StepError {
  return new StepError(
    'NotFound',
    `secret/${fromSecret} is not there: secret/${secret}, which was copied from it, may hold the only copy, and is not deleted`,
    `Create secret/${fromSecret} again, or delete secret/${secret} where nobody needs its values any more; then retry.`,
  );
}

async function wanted(api: TenantApi, step: CreateSecretStep): Promise<Record<string, string>> {
  const data = pick((await api.get('secrets', step.fromSecret))?.data, step);
  const lacking = step.keys.filter((key) => data[key] === undefined);
  if (lacking.length === 0) {
    refuseBadValues(step.fromSecret, data, step.keys, step.checks);
    return data;
  }
  throw new StepError(
    'NotFound',
    `secret/${step.fromSecret} does not hold ${lacking.join(' and ')}`,
    `Create it with: oc create secret generic ${step.fromSecret} ${step.keys.map((key) => `--from-literal=${key}=…`).join(' ')}; then retry.`,
  );
}

function pick(data: Readonly<Record<string, string>> | undefined, { keys }: CreateSecretStep) {
  return Object.fromEntries(
    keys.flatMap((key) => (data?.[key] === undefined ? [] : [[key, data[key]] as const])),
  );
}
