import type { Tracing, TracingOptions } from './tracing.ts';

const SETTINGS = ['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT', 'OTEL_EXPORTER_OTLP_ENDPOINT'] as const;

let current: Tracing | undefined;

/** Where traces are to be sent, as OpenTelemetry's own variables say; undefined where they are not. */
export function endpointGiven(env: NodeJS.ProcessEnv = process.env): {
  readonly name: string;
  readonly value: string | undefined;
} {
  const isOff = env['OTEL_SDK_DISABLED']?.toLowerCase() === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none';
  const name = SETTINGS.find((setting) => env[setting]?.trim()) ?? SETTINGS[0];
  return { name, value: isOff ? undefined : env[name]?.trim() || undefined };
}

/**
 * Once per process, before anything is asked of Temporal. Undefined where no traces are asked for: then nothing of it is
 * loaded.
 */
export async function startTracing(options: Omit<TracingOptions, 'endpoint'>): Promise<Tracing | undefined> {
  const { value } = endpointGiven();
  if (value === undefined) return undefined;
  const { Tracing } = await import('./tracing.ts');
  current = new Tracing({ ...options, endpoint: new URL(value).origin });
  return current;
}

/** That of this process, if there is any. */
export const currentTracing = (): Tracing | undefined => current;
