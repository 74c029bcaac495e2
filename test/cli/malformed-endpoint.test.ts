import { expect, test } from '@jest/globals';
import packageJson from '../../package.json' with { type: 'json' };
import { runCli } from '../support/run-cli.ts';

test.each(['nonsense', 'http://127.0.0.1:99999', 'ftp://x'])(
  'traces that cannot be sent to %s keep nobody from a command: that is said',
  async (endpoint) => {
    const { exitCode, stdout, stderr } = await runCli(['--version'], {
      OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    });
    expect([exitCode, stdout.trim(), stderr.trim()]).toEqual([
      0,
      packageJson.version,
      'warning: no traces are sent: OTEL_EXPORTER_OTLP_ENDPOINT is no address of a receiver over HTTP, as http://127.0.0.1:4318',
    ]);
  },
);
