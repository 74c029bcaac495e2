/** Credentials of Temporal's, and the tool's own secrets. */
const OURS = /^(TEMPORAL|THREESCALE_UPGRADE)_/;

/** Names of all that a process which is none of ours has no business with. */
export function secretNames(env: NodeJS.ProcessEnv = process.env): string[] {
  return Object.keys(env).filter((name) => OURS.test(name));
}

/** For such a process: everything but them. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)));
}
