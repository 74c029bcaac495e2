import { generate } from 'selfsigned';

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A certificate for loopback, its own authority: the kubeconfig carries it. */
export async function makeCertificate(): Promise<Certificate> {
  const { private: key, cert } = await generate(
    [{ name: 'commonName', value: 'threescale-upgrade simulator' }],
    {
      algorithm: 'sha256',
      keyType: 'ec',
      extensions: [
        { name: 'basicConstraints', cA: true, critical: true },
        {
          name: 'subjectAltName',
          altNames: [
            { type: 2, value: 'localhost' },
            { type: 7, ip: '127.0.0.1' },
          ],
        },
      ],
    },
  );
  return { key, cert };
}
