import { EDIT_KINDS } from './foreign-edits.ts';

/** What is done to whole processes, and so to every world of an arena. */
export const PROCESS_KINDS = [
  'worker-kill',
  'worker-stop',
  'temporal-kill',
  'both-kill',
  'engine-forgets',
] as const;

/** What is done to requests and answers. */
export const API_KINDS = [
  'conflict-409',
  'throttled-429',
  'error-500',
  'error-503',
  'unauthorized-401',
  'forbidden-403',
  'cut-before',
  'cut-after',
  'done-but-500',
  'silence-before',
  'silence-after',
  'late-write',
  'slow-answers',
  'watch-cut',
  'watch-gone',
  'stale-read',
] as const;

/** What a cluster's own work does. */
export const WORK_KINDS = ['rollout-fails', 'hook-fails', 'import-fails'] as const;

/** What people do to an upgrade, by Temporal. */
export const MESSAGE_KINDS = [
  'pause',
  'abort',
  'cancel',
  'reset-workflow',
  'pause-activity',
  'reset-activity',
] as const;

export const PLACE_KINDS = ['repoint', 'delete-namespace', ...EDIT_KINDS] as const;

export type ProcessKind = (typeof PROCESS_KINDS)[number];
export type ApiKind = (typeof API_KINDS)[number];
export type WorkKind = (typeof WORK_KINDS)[number];
export type MessageKind = (typeof MESSAGE_KINDS)[number];
export type PlaceKind = (typeof PLACE_KINDS)[number];
export type WorldKind = ApiKind | WorkKind | MessageKind | PlaceKind;
export type Kind = ProcessKind | WorldKind;

export const WORLD_KINDS: readonly WorldKind[] = [
  ...API_KINDS,
  ...WORK_KINDS,
  ...MESSAGE_KINDS,
  ...PLACE_KINDS,
];
export const ALL_KINDS: readonly Kind[] = [...PROCESS_KINDS, ...WORLD_KINDS];
