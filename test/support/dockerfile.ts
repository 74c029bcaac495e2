/** A Dockerfile's steps, carried out in folders: what can be known of an image where there is no Docker. */
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';

export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

export interface Stage {
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly Instruction[];
}

export function stagesOf(text: string): Stage[] {
  const lines = text
    .split('\n')
    .filter((line) => !line.startsWith('#') && line.trim() !== '')
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n');
  const stages: (Stage & { readonly instructions: Instruction[] })[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\S+)\s+(.*)$/.exec(line) ?? [];
    const [, image = '', as] = /^(\S+)(?: AS (\S+))?$/.exec(rest) ?? [];
    if (name === 'FROM') stages.push({ image, name: as, instructions: [] });
    else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

export interface Folders {
  /** What is copied from the build context. */
  readonly context: string;
  /** Where each stage has its root, by its name. */
  readonly roots: Readonly<Record<string, string>>;
  readonly env: NodeJS.ProcessEnv;
}

/** Carries out WORKDIR and COPY, and RUN where `runs` says so; absolute paths are those below the stage's root. */
export async function carryOut(
  { instructions }: Stage,
  root: string,
  { context, roots, env }: Folders,
  runs: boolean,
): Promise<void> {
  let folder = root;
  for (const { name, rest } of instructions) {
    if (name === 'WORKDIR') mkdirSync((folder = join(root, rest)), { recursive: true });
    if (name === 'COPY') copy(rest, folder, { context, roots });
    if (name === 'RUN' && runs) await execa('sh', ['-c', rest], { cwd: folder, env, extendEnv: false });
  }
}

function copy(rest: string, folder: string, { context, roots }: Omit<Folders, 'env'>): void {
  const words = rest.split(/\s+/);
  const [, from] = /^--from=(.*)$/.exec(words[0] ?? '') ?? [];
  const sources = words.slice(from === undefined ? 0 : 1, -1);
  const target = words.at(-1) ?? '';
  for (const source of sources) {
    const path = join(from === undefined ? context : (roots[from] ?? ''), source);
    const into = target.endsWith('/') ? join(folder, target, basename(source)) : join(folder, target);
    cpSync(path, into, { recursive: true, verbatimSymlinks: true });
  }
}

/** The words of an instruction in its JSON form, such as ENTRYPOINT. */
export function wordsOf({ instructions }: Stage, name: string): string[] {
  const found = instructions.find((one) => one.name === name);
  return JSON.parse(found?.rest ?? '[]') as string[];
}

export const readDockerfile = (context: string): string => readFileSync(join(context, 'Dockerfile'), 'utf8');
