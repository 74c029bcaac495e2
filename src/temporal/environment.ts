/**
 * What Temporal's own configuration reads, where set but empty means not set: a container is given its variables whether they
 * have values or not. Only an empty TEMPORAL_GRPC_META_… has a meaning, and keeps it: it takes a header of the file away.
 */
export function temporalEnvironment(env: NodeJS.ProcessEnv = process.env): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).filter(
      (entry): entry is [string, string] =>
        entry[1] !== undefined && (entry[1] !== '' || !isSetting(entry[0])),
    ),
  );
}

const isSetting = (name: string): boolean =>
  name.startsWith('TEMPORAL_') && !name.startsWith('TEMPORAL_GRPC_META_');
