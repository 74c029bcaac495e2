/** Credentials of Temporal's, and the tool's own secrets. */
const OURS = /^(TEMPORAL|THREESCALE_UPGRADE)_/;

/** For a process that is none of ours: everything but what it has no business with. */
export function childEnvironment(env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !OURS.test(name)));
}
