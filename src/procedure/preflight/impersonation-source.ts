import { isOpenShiftError } from '../../openshift/api-error.ts';
import type { TenantApi } from '../../openshift/tenant-api.ts';
import { OURS } from '../backup/backup-secret.ts';
import { edit, pointer } from '../edit/edit.ts';

/**
 * Puts the values of section 1.3 into a Secret of the tenant's namespace, from which the upgrade takes them: so they
 * never enter Temporal. Given again, the newest values are kept.
 */
export async function offerImpersonation(
  api: TenantApi,
  name: string,
  values: { readonly username: string; readonly domain: string },
): Promise<void> {
  const data = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString('base64')]),
  );
  try {
    await api.create('secrets', { metadata: { name, labels: OURS }, type: 'Opaque', data });
  } catch (error) {
    if (!isOpenShiftError(error, 'AlreadyExists')) throw error;
    await edit(api, 'secrets', name, (secret) =>
      Object.entries(data)
        .filter(([key, value]) => secret.data?.[key] !== value)
        .map(([key, value]) => ({ op: 'add', path: pointer('data', key), value })),
    );
  }
}
