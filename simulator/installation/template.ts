import { existsSync, readFileSync } from 'node:fs';
import { LineCounter, parseDocument } from 'yaml';
import { generate } from './generate.ts';
import type { Manifest } from './manifest.ts';

/** A file that is no OpenShift Template: `message` says which file, where and why. */
class TemplateError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateError';
  }
}

interface TemplateParameter {
  readonly name: string;
  readonly value?: string | number | boolean;
  readonly generate?: string;
  /** `[a-z0-9]{8}` */
  readonly from?: string;
  readonly required?: boolean;
}

interface Template {
  readonly kind: string;
  readonly parameters?: readonly TemplateParameter[];
  readonly objects: readonly Manifest[];
  readonly labels?: Readonly<Record<string, string>>;
}

/**
 * The objects of an OpenShift Template, as `oc process` makes them: `${NAME}` is put into strings, `${{NAME}}` stands
 * for a value that is no string. Generated values follow from `seed`. Throws TemplateError.
 */
export function processTemplate(
  file: string,
  seed: string,
  given: Readonly<Record<string, string>>,
): Manifest[] {
  const template = readTemplate(file);
  const values = new Map<string, string>();
  for (const parameter of template.parameters ?? []) {
    const value = given[parameter.name] ?? valueOf(parameter, `${seed}/${parameter.name}`, file);
    if (value === '' && parameter.required) {
      throw new TemplateError(`${file}: parameter ${parameter.name} is required and has no value`);
    }
    values.set(parameter.name, value);
  }
  return template.objects.map((object) => substitute(object, values) as Manifest);
}

function readTemplate(file: string): Template {
  if (!existsSync(file)) throw new TemplateError(`there is no template at ${file}`);
  const lines = new LineCounter();
  const document = parseDocument(readFileSync(file, 'utf8'), {
    lineCounter: lines,
    merge: true,
    prettyErrors: false,
  });
  const [problem] = document.errors;
  if (problem) {
    const { line, col } = lines.linePos(problem.pos[0]);
    throw new TemplateError(`${file}:${line}:${col} does not parse: ${problem.message}`);
  }
  const content: unknown = document.toJS({ maxAliasCount: -1 });
  if (!isTemplate(content)) {
    throw new TemplateError(`${file} is no OpenShift Template: it needs kind Template and a list of objects`);
  }
  return content;
}

function isTemplate(content: unknown): content is Template {
  return (
    typeof content === 'object' &&
    content !== null &&
    'kind' in content &&
    content.kind === 'Template' &&
    'objects' in content &&
    Array.isArray(content.objects)
  );
}

function valueOf(
  { name, value, generate: how, from = '' }: TemplateParameter,
  seed: string,
  file: string,
): string {
  if (value !== undefined && value !== null && value !== '') return String(value);
  if (how !== 'expression') return '';
  const parts = /^\[([^\]]+)\]\{(\d+)\}$/.exec(from);
  if (!parts) throw new TemplateError(`${file}: parameter ${name} has from "${from}", not as in [a-z0-9]{8}`);
  return generate(seed, alphabetOf(parts[1] ?? ''), Number(parts[2]));
}

/** `a-z0-9` written out. */
function alphabetOf(ranges: string): string {
  return ranges.replace(/(.)-(.)/g, (_, first: string, last: string) => {
    const [start, end] = [first.charCodeAt(0), last.charCodeAt(0)];
    return String.fromCharCode(...Array.from({ length: end - start + 1 }, (__, index) => start + index));
  });
}

function substitute(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return fill(value, values);
  if (Array.isArray(value)) return value.map((item) => substitute(item, values));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, substitute(item, values)]));
}

function fill(text: string, values: ReadonlyMap<string, string>): unknown {
  const whole = /^\$\{\{(\w+)\}\}$/.exec(text);
  if (whole) {
    const value = values.get(whole[1] ?? '') ?? '';
    try {
      return JSON.parse(value) as unknown;
    } catch {
      return value;
    }
  }
  return text.replace(/\$\{(\w+)\}/g, (all, name: string) => values.get(name) ?? all);
}
