import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

const VERSION = '1.38.0';
const HOME = join(homedir(), '.cache', 'threescale-upgrade', 'test-server');
const LIB = join(HOME, 'lib');
const WRAPPER = join(HOME, 'test-server.sh');

/**
 * The SDK gives the server five seconds to start and kills its direct child: hence the flags, and `exec`. The flags
 * start it in one.
 */
const SCRIPT = `#!/bin/sh
exec java -Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -cp '${LIB}/*' io.temporal.testserver.TestServer "$@"
`;

const POM = `<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>threescale-upgrade</groupId><artifactId>test-server</artifactId><version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.temporal</groupId><artifactId>temporal-test-server</artifactId><version>${VERSION}</version>
    </dependency>
  </dependencies>
</project>
`;

/**
 * Path of a time-skipping Temporal server that runs on this machine's Java; undefined where there is none, and the SDK
 * downloads its own. Fetches the jars with Maven the first time. Idempotent, and safe beside another process.
 */
export function installTestServer(): string | undefined {
  if (!onPath('java') || !(hasJars() || fetchJars())) return undefined;
  if (!existsSync(WRAPPER) || readFileSync(WRAPPER, 'utf8') !== SCRIPT) writeWrapper();
  return WRAPPER;
}

function hasJars(): boolean {
  return existsSync(join(LIB, `temporal-test-server-${VERSION}.jar`));
}

function fetchJars(): boolean {
  if (!onPath('mvn')) return false;
  process.stderr.write(`fetching the time-skipping Temporal server ${VERSION} with Maven (once, 38 MB)\n`);
  mkdirSync(HOME, { recursive: true });
  const work = mkdtempSync(join(HOME, 'fetch-'));
  try {
    writeFileSync(join(work, 'pom.xml'), POM);
    const goal = [
      '-q',
      '-B',
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      '-DoutputDirectory=lib',
    ];
    const { status, stdout, error } = spawnSync('mvn', goal, {
      cwd: work,
      encoding: 'utf8',
      timeout: 120_000,
    });
    if (status !== 0) {
      const why = error?.message ?? stdout.trim().split('\n')[0];
      process.stderr.write(`Maven could not fetch it (${why}): the SDK downloads its own\n`);
      return false;
    }
    if (hasJars()) return true;
    rmSync(LIB, { recursive: true, force: true });
    renameSync(join(work, 'lib'), LIB);
    return true;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Another process may be about to run it: it is there as a whole, or not yet. */
function writeWrapper(): void {
  const next = `${WRAPPER}.${process.pid}`;
  writeFileSync(next, SCRIPT, { mode: 0o755 });
  renameSync(next, WRAPPER);
}

function onPath(program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)));
}
