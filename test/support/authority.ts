import { generate } from 'selfsigned';
import type { Certificate } from '../../simulator/tls.ts';

/** A certificate for loopback by an authority of its own; Temporal's core takes none that is its own authority. */
export async function makeSigned(): Promise<Certificate & { readonly authority: string }> {
  const ca = await generate([{ name: 'commonName', value: 'an authority' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, critical: true },
    ],
  });
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
    keyType: 'ec',
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  return { key, cert, authority: ca.cert };
}
