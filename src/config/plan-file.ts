import type { PlanContent } from '../domain/tenant/written-plan.ts';
import { hashOfPlan, openPlan, TENANT_PLAN } from './plan-format.ts';
import type { PlanMade } from './plan-schema.ts';
import { contentOf, planFileSchema } from './plan-schema.ts';
import { readYaml } from './reading/read-yaml.ts';
import { writeWholeFile } from './reading/whole-file.ts';

/** A plan as a file holds it. */
export interface PlanFile {
  /** SHA-256 over what was planned: a plan of the same state with the same choices has the same. */
  readonly hash: string;
  readonly made: PlanMade;
  readonly plan: PlanContent;
}

/** Writes it as a whole or not at all, for its owner's eyes only; answers with its hash. Throws ConfigError. */
export function writePlanFile(file: string, made: PlanMade, plan: PlanContent): string {
  const { format, version } = TENANT_PLAN;
  const hash = hashOfPlan(plan);
  writeWholeFile(file, `${JSON.stringify({ format, formatVersion: version, hash, made, plan }, null, 2)}\n`);
  return hash;
}

/** Throws ConfigError where it is no plan, of another release's format, or not as it was written. */
export function readPlanFile(file: string): PlanFile {
  const { hash, made, plan } = readYaml(file, planFileSchema, {
    kind: 'plan',
    hint: TENANT_PLAN.hint,
    glance: (text) => {
      openPlan(file, text, TENANT_PLAN);
      return undefined;
    },
  });
  return { hash, made, plan: contentOf(plan) };
}
