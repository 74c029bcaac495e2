import type { LabelCount } from '../domain/fleet/spec/labels.ts';
import type { BudgetKind, FleetTenantState } from '../domain/fleet/tenant/states.ts';
import type { EndingKind } from '../domain/fleet/tenant/entry.ts';
import type { FleetEnd } from '../domain/fleet/show/estimate.ts';
import type { FleetProgress } from '../domain/fleet/show/progress.ts';
import type { TenantLine } from '../domain/fleet/show/tenant-lines.ts';
import type { TenantChoice } from '../domain/fleet/fleet-upgrade.ts';
import type { SpecDiff } from '../domain/fleet/spec/diff.ts';
import type { TenantPlan } from '../domain/tenant/plan.ts';
import type { Finding } from '../domain/tenant/finding.ts';
import type { Decision, StepStatus, TenantProgress } from '../domain/tenant/progress.ts';
import type { TenantRef } from '../domain/tenant/tenant.ts';

/**
 * What the page gets from its server, and sends to it. All moments are ISO 8601 in UTC unless they end in `Ms` (milliseconds
 * since 1970). Numbers of fleets and tenants are those of `fleet status -o json` and `status -o json`, unchanged.
 *
 *   GET  /api/desk                       DeskInfo; 401 with ApiError where somebody must log in first
 *   POST /api/login                      LoginRequest -> DeskInfo, and a cookie
 *   POST /api/logout                     nothing
 *   GET  /api/stream?view=…              Server-Sent Events of one view (ViewRequest as the query)
 *   GET  /api/view?view=…                the same view once: ViewAnswer
 *   GET  /api/fleets/NAME/tenants?…      RowsAnswer (RowsRequest as the query)
 *   GET  /api/tenant/plan?cluster=…      PlanAnswer: looks at the cluster now, reading only
 *   GET  /api/report?fleet=NAME          the report as Markdown (or &output=json); ?cluster=…&context=…&namespace=… of a tenant
 *   GET  /api/stats                      Stats
 *   POST /api/acts/preview               ActRequest -> ActPreview: what it would touch; nothing is done
 *   POST /api/acts                       ActRequest -> ActAnswer
 *
 * Whatever fails is answered with an ApiError and a status of 4xx or 5xx.
 */
export const API = '/api';

/** Every POST carries it, with the value `1`: a foreign site cannot send it. */
export const ACT_HEADER = 'x-desk-act';

/** What somebody may do: each has what those before it have. */
export const ROLES = ['look', 'operate', 'harm'] as const;
export type Role = (typeof ROLES)[number];

export interface ApiError {
  readonly error: {
    /** What, where and why, in the words of the command. */
    readonly message: string;
    /** What to do, or to type, next; lines. */
    readonly hint?: string;
    /** `login`: log in first. `refused`: the upgrade, or this server, refuses it. `away`: Temporal or a cluster is not reached. */
    readonly kind: 'login' | 'usage' | 'refused' | 'away' | 'gone' | 'bug';
    /** As the command would have ended: docs/cli.md. */
    readonly exitCode: number;
  };
}

export interface DeskInfo {
  /** Of this tool. */
  readonly release: string;
  /** Of the page's files: where it is another than the page's own, the page is older than its server. */
  readonly build: string;
  /** Whom it asks: `127.0.0.1:7233, namespace default`. */
  readonly temporal: string;
  /** Where Temporal's own page is, without a slash at its end, where that is known. */
  readonly temporalUi?: string;
  readonly temporalNamespace: string;
  /** Who looks. `named`: by a token or a proxy, so that acts are in this name; else whoever acts says who it is. */
  readonly user: { readonly name: string; readonly named: boolean; readonly role: Role };
  /** They have logged in here, and can log out here; a proxy has a login of its own. */
  readonly logsOut: boolean;
  /** Absent: acts are allowed, by the role. Else why this desk is read-only, and how it is started otherwise. */
  readonly readOnly?: string;
  /** The server's clock, for ages. */
  readonly nowMs: number;
}

export interface LoginRequest {
  readonly token: string;
}

// ---------------------------------------------------------------------------------------------------- views and their stream

/** Which view: as the query of /api/view and /api/stream, every field a parameter. */
export type ViewRequest =
  | { readonly view: 'needs-me' }
  | { readonly view: 'fleets' }
  | { readonly view: 'fleet'; readonly fleet: string }
  | { readonly view: 'tenants' }
  /** `fleet`: of one that has not begun nobody else knows to which fleet it belongs. */
  | ({ readonly view: 'tenant'; readonly fleet?: string } & TenantRef);

export type ViewName = ViewRequest['view'];

export interface ViewData {
  readonly 'needs-me': NeedsMe;
  readonly fleets: Fleets;
  readonly fleet: FleetPage;
  readonly tenants: SingleTenants;
  readonly tenant: TenantPage;
}

/** How old what is shown is, and why. */
export interface Standing {
  /** When Temporal was asked last, and has answered; absent: it never has since somebody looks. */
  readonly readAt?: string;
  /** Nobody answers now: what is shown is what was seen last. */
  readonly away?: { readonly since: string; readonly why: string };
}

export interface ViewAnswer<V extends ViewName = ViewName> {
  /** Absent: nothing has been seen yet. */
  readonly data?: ViewData[V];
  readonly standing: Standing;
}

/**
 * The events of a stream, by their name; each has an id, which a browser sends back as Last-Event-ID. A stream begins with a
 * snapshot, also where it goes on after a break, unless nothing has happened meanwhile.
 */
export interface StreamEvents<V extends ViewName = ViewName> {
  readonly snapshot: ViewAnswer<V>;
  /** What has changed of `data` since the event before: src/desk/delta.ts applies it. */
  readonly delta: Delta;
  /** Temporal is away, or has answered again. */
  readonly standing: Standing;
  /** At least every ten seconds: without one for longer the stream is broken. `readAt` as above. */
  readonly alive: { readonly nowMs: number; readonly readAt?: string };
  /** Of a fleet: which tenants have changed, so that rows that are shown can be fetched again. */
  readonly rows: RowsChanged;
  /** The view can never be had: there is no such fleet or tenant, or nobody may look any more. The page does not reconnect. */
  readonly refused: ApiError;
}

/** One change: what is at this path is this from now on; without `to` it is gone. `length` of a list cuts it. */
export interface Change {
  readonly at: readonly (string | number)[];
  readonly to?: unknown;
}
export type Delta = readonly Change[];

// ----------------------------------------------------------------------------------------------------------------- what needs me

export type NeedKind =
  /** A wave may begin, and needs approval. */
  | 'approval'
  | 'halted'
  | 'paused'
  /** Nobody carries it on: no worker answers. */
  | 'stands-still'
  | 'held'
  | 'lost'
  | 'unreachable'
  /** It failed, and is what it was before. */
  | 'reverted'
  | 'blocked';

export interface Need {
  /** The same as long as it is the same need. */
  readonly id: string;
  readonly kind: NeedKind;
  readonly fleet?: string;
  readonly wave?: string;
  readonly name?: string;
  readonly tenant?: TenantRef;
  readonly since: string;
  readonly reason: string;
  readonly hint?: string;
  /** When it is tried again by itself. */
  readonly again?: string;
  readonly offers: readonly Offered[];
}

export interface NeedsMe {
  /** What blocks the most comes first. At most 100 of a kind of a fleet; `counts` has them all. */
  readonly needs: readonly Need[];
  readonly counts: Readonly<Record<NeedKind, number>>;
  /** Fleets and tenants of which nothing is known, and why. */
  readonly unknown: readonly { readonly name: string; readonly why: string }[];
}

/** Something that may be said now: the button's word, and what comes of it. */
export interface Offered {
  readonly label: string;
  /** In words, as the command says it. */
  readonly consequence: string;
  readonly harmful: boolean;
  /** What it takes. */
  readonly role: Role;
  /** The request without who and why. */
  readonly act: Act;
  /** The command that does the same. */
  readonly command: string;
}

// ------------------------------------------------------------------------------------------------------------------------ fleets

export interface Fleets {
  /** Newest first. */
  readonly fleets: readonly FleetRow[];
}

export interface FleetRow extends Partial<
  Pick<FleetProgress, 'phase' | 'total' | 'counts' | 'from' | 'to' | 'endedAt' | 'nextWindowAt'>
> {
  readonly name: string;
  readonly startedAt: string;
  /** Its phase; or why nothing is known of it. */
  readonly stand: string;
  readonly path?: string;
  /** How many need somebody: a person has to look. */
  readonly needs?: number;
  readonly waves?: readonly {
    readonly name: string;
    readonly state: FleetProgress['waves'][number]['state'];
    readonly total: number;
    readonly counts: FleetProgress['counts'];
  }[];
  /** It is known from a kept report only. */
  readonly kept?: true;
}

export interface FleetPage {
  /** As `fleet status -o json` has it. */
  readonly progress: FleetProgress;
  /** As `fleet status -o json`: that nobody carries it on, as lines. */
  readonly standsStill?: string;
  readonly sitesWithoutWorker: readonly string[];
  readonly end?: FleetEnd;
  /** 2.3 → 2.4, as a head says it. */
  readonly path: string;
  /** The wave that is at work, or next, by its name; absent where all are done. */
  readonly currentWave?: string;
  /** Those at work, as the fleet lists them (`progress.running`): what each is at. */
  readonly acting: readonly Acting[];
  readonly budgets: readonly BudgetBar[];
  readonly slots: { readonly taken: number; readonly of: number };
  readonly windows: readonly WindowLine[];
  /** What may be said to the fleet as a whole, and to a wave; tenants' own stand in `progress.attention` and their rows. */
  readonly offers: readonly Offered[];
  readonly clusters: readonly ClusterChoice[];
  /** At most a hundred, those that most tenants have. */
  readonly labels: readonly LabelCount[];
  /** Columns of the matrix: a path's steps, in order. */
  readonly columns: readonly PathColumns[];
  /** Of /api/fleets/NAME/tenants: rises with every change of any tenant. */
  readonly rowsVersion: number;
  readonly workflow: WorkflowPlace;
}

/** Where a workflow is in Temporal. */
export interface WorkflowPlace {
  readonly workflowId: string;
  readonly runId: string;
  /** In Temporal's own page, where its address is known. */
  readonly url?: string;
}

export interface Acting {
  readonly name: string;
  readonly tenant: TenantRef;
  readonly wave: string;
  readonly state: FleetTenantState;
  /** Since when it is in this state. */
  readonly since: string;
  readonly hasSlot: boolean;
  /** As the command says it, without its age: `switching: Roll out dc/system-app`. */
  readonly at: string;
  /** When the window opens that it waits for. */
  readonly notBefore?: string;
  readonly site?: string;
  /** Since when it is at that; absent where nobody says. */
  readonly atSince?: string;
  readonly attempts: number;
}

/** A failure budget, of the fleet or of a wave. */
export interface BudgetBar {
  readonly wave?: string;
  readonly kind: BudgetKind;
  readonly used: number;
  /** Absent: any number. */
  readonly allowed?: number;
  /** As in `3 (10% of 30)`. */
  readonly words: string;
}

/** One set of windows and freezes, as a line over the next days. */
export interface WindowLine {
  readonly index: number;
  /** `"0 22 * * 6" Europe/Berlin for 240 min, but for …` */
  readonly words: string;
  /** Zones that it is written in. */
  readonly zones: readonly string[];
  /** Tenants that keep to it. */
  readonly tenants: number;
  /** Tenants that wait for it now. */
  readonly waiting: number;
  /** `Infinity` is left out: always open. */
  readonly open: readonly Span[];
  readonly frozen: readonly (Span & { readonly name?: string })[];
  /** What the spans cover. */
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface Span {
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface ClusterChoice {
  /** As people call it. */
  readonly name: string;
  readonly cluster: string;
  readonly tenants: number;
}

export interface PathColumns {
  /** `2.3-2.4`. */
  readonly path: string;
  readonly steps: readonly {
    readonly id: string;
    readonly title: string;
    readonly guide: string;
    /** It crosses the point of no return. */
    readonly pointOfNoReturn?: true;
  }[];
}

// ------------------------------------------------------------------------------------------------------ the matrix: rows of tenants

/** As the query; lists are repeated parameters. */
export interface RowsRequest {
  readonly offset?: number;
  /** At most 500; 100 where nothing is said. */
  readonly limit?: number;
  readonly state?: readonly FleetTenantState[];
  readonly wave?: readonly string[];
  /** Names, as in ClusterChoice. */
  readonly cluster?: readonly string[];
  /** `tier=canary`; a tenant must have all of them. */
  readonly label?: readonly string[];
  /** In its name, its project, or the message of its failure; upper and lower case alike. */
  readonly text?: string;
  readonly sort?: 'plan' | 'name' | 'state' | 'since';
}

export interface RowsAnswer {
  readonly rowsVersion: number;
  /** How many match; and how many there are. */
  readonly matching: number;
  readonly total: number;
  readonly offset: number;
  /** Of those that match, by state: chips of a filter. */
  readonly counts: Readonly<Partial<Record<FleetTenantState, number>>>;
  readonly rows: readonly TenantRow[];
  readonly standing: Standing;
}

export interface TenantRow extends TenantLine {
  /** Its place in the plan. */
  readonly index: number;
  readonly cluster: string;
  /** Which of the columns' paths it takes. */
  readonly pathName: string;
  readonly labels?: Readonly<Record<string, string>>;
  /**
   * In the order of its path's columns. Absent: its own workflow was not asked, or gives no answer (`unread`).
   * Of one that has not begun: absent too.
   */
  readonly steps?: readonly StepStatus[];
  readonly unread?: true;
  readonly offers: readonly Offered[];
}

export interface RowsChanged {
  readonly rowsVersion: number;
  /** Their places in the plan; more than 200 are not listed. */
  readonly indexes: readonly number[];
  readonly more: boolean;
}

// ------------------------------------------------------------------------------------------------------------------------ tenants

/** Those that were started by themselves, without a fleet. */
export interface SingleTenants {
  readonly tenants: readonly SingleTenant[];
}

export interface SingleTenant {
  readonly tenant: TenantRef;
  readonly name: string;
  readonly runId: string;
  /** Absent where nothing shows it. */
  readonly state?: string;
  readonly step?: string;
  readonly since: string;
  readonly startedAt: string;
  readonly by?: string;
  readonly paused: boolean;
  readonly standsStill: boolean;
  readonly endedFromOutside?: string;
  /** Why there is no more. */
  readonly unknown?: string;
  readonly kept?: true;
}

export interface TenantPage {
  readonly name: string;
  readonly tenant: TenantRef;
  /** Its fleet, where it belongs to one, and how that knows it. */
  readonly fleet?: string;
  readonly line?: TenantLine;
  /** As `status -o json` has it. Absent: it has not begun, or nobody can read it (`unknown`). */
  readonly progress?: TenantProgress;
  readonly unknown?: string;
  readonly standsStill?: string;
  /** How it was ended from outside, and this is where it stood then. */
  readonly endedFromOutside?: string;
  readonly kept?: true;
  /** What Temporal is trying again right now. */
  readonly pending: readonly PendingTry[];
  /** What a revert would do now, in words; `possible`: it may be said now. */
  readonly revert: { readonly possible: boolean; readonly words: readonly string[] };
  /** The step that crosses it, and whether it is crossed; absent where the path has none. */
  readonly pointOfNoReturn?: { readonly step: string; readonly is: 'ahead' | 'crossed' | 'unsure' };
  readonly decisions: readonly Decision[];
  readonly offers: readonly Offered[];
  /** Newest first. */
  readonly runs: readonly { readonly runId: string; readonly startedAt: string }[];
  readonly workflow: WorkflowPlace;
}

export interface PendingTry {
  readonly activity: string;
  readonly attempt: number;
  /** When the attempt failed that `message` is about. */
  readonly at?: string;
  readonly failureType?: string;
  readonly message?: string;
}

export interface PlanAnswer {
  /** Absent where a check stands against it. */
  readonly plan?: TenantPlan;
  readonly findings: readonly Finding[];
  /** What is to be known of it: that the upgrade has other choices than this look. */
  readonly note?: string;
  readonly readAt: string;
}

// --------------------------------------------------------------------------------------------------------------------------- acts

export type FleetAct =
  | { readonly act: 'pause'; readonly newOnly?: boolean }
  | { readonly act: 'resume' }
  | { readonly act: 'approve'; readonly wave: string }
  | { readonly act: 'retry'; readonly choice: TenantChoice; readonly newPlan?: boolean }
  | { readonly act: 'skip'; readonly choice: TenantChoice }
  | { readonly act: 'revert'; readonly choice: TenantChoice }
  | { readonly act: 'abort'; readonly ending: EndingKind }
  | {
      readonly act: 'set';
      readonly wave?: string;
      readonly maxConcurrent?: number;
      readonly maxConcurrentPerCluster?: number;
      /** `3`, or `5%`, as they are typed. */
      readonly failed?: string;
      readonly blocked?: string;
      readonly unreachable?: string;
      readonly strict?: boolean;
    }
  /** `file`: the text of a fleet file (YAML). */
  | { readonly act: 'apply'; readonly file: string };

export type TenantAct =
  | { readonly act: 'pause' | 'resume' | 'abort' | 'retry' | 'revert' | 'abandon' }
  | { readonly act: 'skip-step'; readonly step: string };

export type Act = ({ readonly fleet: string } & FleetAct) | ({ readonly tenant: TenantRef } & TenantAct);

export type ActRequest = Act & {
  /** Ignored where the server knows who it is. */
  readonly by?: string;
  readonly why?: string;
  /** The name that a harmful act wants typed. */
  readonly confirm?: string;
  /** Of the preview that was agreed to: where something else would be done by now, it is refused. */
  readonly seen?: string;
};

export interface ActPreview {
  /** How many tenants it touches, and the first of them by name. */
  readonly tenants: number;
  readonly names: readonly string[];
  /** For whom it is not, and why. */
  readonly refused: readonly { readonly tenant: string; readonly why: string }[];
  /** What comes of it, sentence by sentence. */
  readonly consequences: readonly string[];
  readonly harmful: boolean;
  readonly role: Role;
  /** The word that has to be typed: the name of the fleet, or of the project. */
  readonly confirm?: string;
  /** Of `apply`: what would change, and the same as the command prints it. */
  readonly diff?: { readonly changes: SpecDiff; readonly lines: readonly string[] };
  /** To be sent with the act. */
  readonly seen: string;
  /** The command that does the same. */
  readonly command: string;
}

export interface ActAnswer {
  /** What was said, as the command says it. */
  readonly said: string;
  /** False: nothing was done; `said` has why. */
  readonly done: boolean;
}

// -------------------------------------------------------------------------------------------------------------------------- stats

export interface Stats {
  readonly sinceMs: number;
  readonly nowMs: number;
  /** Calls to Temporal since the start, and in the last whole minute. */
  readonly temporal: {
    readonly calls: number;
    readonly lastMinute: number;
    readonly byMethod: Readonly<Record<string, number>>;
  };
  /** Pages that are open, and views that they look at. */
  readonly streams: number;
  readonly views: number;
  /** How often a view was looked at anew. */
  readonly looks: number;
  readonly bytesSent: number;
}
