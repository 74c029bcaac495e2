/** Of what a trigger tells: a fleet, or a tenant that is upgraded by itself. */
export type Scope = 'fleet' | 'tenant';

interface TriggerTraits {
  readonly of: readonly Scope[];
  /** The message where nobody has written another: its first line is the subject. */
  readonly template: string;
}

/**
 * What people are told of, named as argocd-notifications names its triggers. A template is plain text with `{{names}}`; which names
 * there are: message.ts.
 */
const TABLE = {
  'on-started': {
    of: ['fleet'],
    template: 'Fleet {{fleet}}: {{event}}\n{{path}}, {{tenants}} in {{waves}}\nBy {{by}}: {{why}}',
  },
  'on-wave-done': {
    of: ['fleet'],
    template: 'Fleet {{fleet}}: wave {{wave}} is done\n{{counts}}\nTook {{took}}. Next: {{next}}',
  },
  'on-approval-wanted': {
    of: ['fleet'],
    template:
      'Fleet {{fleet}}: wave {{wave}} waits for approval\n{{tenants}}; nothing else stands in its way\nTo let it begin: {{command}}',
  },
  'on-failed': {
    of: ['fleet'],
    template: 'Fleet {{fleet}}: {{event}}\n{{names}}\nTo see them: {{command}}',
  },
  'on-budget-exceeded': {
    of: ['fleet'],
    template: 'Fleet {{fleet}}: halted, nothing new starts\n{{reason}}\n{{counts}}\nTo see it: {{command}}',
  },
  'on-window-closing': {
    of: ['fleet'],
    template: 'Fleet {{fleet}}: a window closes at {{closes}}, with {{tenants}} left\n{{counts}}',
  },
  'on-unreachable': {
    of: ['fleet'],
    template:
      'Fleet {{fleet}}: {{event}}\n{{names}}\nThey are tried again by themselves. To see them: {{command}}',
  },
  'on-held': {
    of: ['tenant'],
    template: 'Tenant {{tenant}}: held, and needs a decision\n{{reason}}\nTo see it: {{command}}',
  },
  'on-ended': {
    of: ['fleet', 'tenant'],
    template: '{{subject}}: {{event}}\n{{counts}}\nTook {{took}}. The whole story: {{command}}',
  },
} as const satisfies Readonly<Record<`on-${string}`, TriggerTraits>>;

export type Trigger = keyof typeof TABLE;

/** A message that is asked for to see that it arrives belongs to no trigger. */
export type Occasion = Trigger | 'test';

export const TRIGGERS = Object.keys(TABLE) as readonly Trigger[];

/** Those that there are of a fleet, or of a single tenant. */
export function triggersOf(scope: Scope): readonly Trigger[] {
  return TRIGGERS.filter((trigger) => (TABLE[trigger].of as readonly Scope[]).includes(scope));
}

const TEST = '{{subject}}: this is a test\nIt was asked for by {{by}}. Nothing has happened.';

export function templateOf(occasion: Occasion): string {
  return occasion === 'test' ? TEST : TABLE[occasion].template;
}
