import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execaNode } from 'execa';

export interface S3Server {
  /** What a command needs to find it, and to be let in. */
  readonly env: Readonly<Record<string, string>>;
  close(): Promise<void>;
}

const S3RVER = fileURLToPath(new URL('../../node_modules/s3rver/bin/s3rver.js', import.meta.url));

/**
 * A server that speaks as S3 does, with one bucket, on loopback; a process of its own, as its pages bear tokens of a cipher that
 * must be allowed.
 */
export async function openS3(bucket: string): Promise<S3Server> {
  const directory = mkdtempSync(join(tmpdir(), 'threescale-upgrade-s3-'));
  const server = execaNode(
    S3RVER,
    ['-d', directory, '-a', '127.0.0.1', '-p', '0', '--configure-bucket', bucket],
    { nodeOptions: ['--openssl-legacy-provider'] },
  );
  const port = await new Promise<string>((resolve, reject) => {
    let said = '';
    server.stdout.on('data', (text: Buffer) => {
      said += text.toString();
      const [, found] = /listening on \S+:(\d+)/i.exec(said) ?? [];
      if (found !== undefined) resolve(found);
    });
    server.catch(reject);
  });
  return {
    env: {
      AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${port}`,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'S3RVER',
      AWS_SECRET_ACCESS_KEY: 'S3RVER',
    },
    close: async () => {
      server.kill();
      await server.catch(() => undefined);
      rmSync(directory, { recursive: true });
    },
  };
}
