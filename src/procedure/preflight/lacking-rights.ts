import { allows } from '../../openshift/access-rules.ts';
import type { Access, TenantApi } from '../../openshift/tenant-api.ts';
import { accessTo } from '../../openshift/tenant-api.ts';

/**
 * Those of the rights that the identity does not have. Its rules tell it in one request, where the cluster knows all of
 * them; what they do not allow for certain is asked for one by one.
 *
 * An OAuth token with scopes may do less than the rules of its user say. Such a scope withholds Secrets, unless it names
 * a role and ends in `!`: so that right is asked for besides, and where it is missing the rules count for nothing.
 */
export async function lackingRights(
  api: Pick<TenantApi, 'rules' | 'may'>,
  rights: readonly Access[],
): Promise<Access[]> {
  const [rules, isUnscoped] = await Promise.all([api.rules(), api.may(accessTo('create', 'secrets'))]);
  const unclear = rules && isUnscoped ? rights.filter((right) => !allows(rules, right)) : rights;
  const allowed = await Promise.all(unclear.map((right) => api.may(right)));
  return unclear.filter((_, index) => !allowed[index]);
}
