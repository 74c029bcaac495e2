import type { SecretRef } from '../domain/notify/receivers.ts';
import { urlProblem } from '../domain/notify/receivers.ts';
import { DeliveryError } from './delivery-error.ts';
import { readSecret } from './settings.ts';

/** One that is a secret is the worker's own: it may be http, too. Throws DeliveryError, without the address. */
export function readAddress(url: string | SecretRef): string {
  if (typeof url === 'string') {
    const problem = urlProblem(url);
    if (problem !== undefined) throw new DeliveryError(`its address ${problem}`);
    return url;
  }
  const address = readSecret(url);
  if (URL.canParse(address) && /^https?:/.test(address)) return address;
  throw new DeliveryError('the secret that its address is in holds no address');
}
