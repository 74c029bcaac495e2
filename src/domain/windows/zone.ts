import { IANAZone } from 'luxon';

/**
 * Short names that this Node's tables know and IANA does not, or not so: each was somebody's idea of a place (`BST` is
 * Dhaka, and no British summer). What is most likely meant stands beside it.
 */
const AMBIGUOUS: Readonly<Record<string, string>> = {
  ACT: 'Australia/Darwin or Australia/Sydney',
  AET: 'Australia/Sydney',
  AGT: 'America/Argentina/Buenos_Aires',
  ART: 'Africa/Cairo or America/Argentina/Buenos_Aires',
  AST: 'America/Halifax, America/Anchorage or Asia/Riyadh',
  BET: 'America/Sao_Paulo',
  BST: 'Europe/London or Asia/Dhaka',
  CAT: 'Africa/Maputo',
  CNT: 'America/St_Johns',
  CST: 'America/Chicago or Asia/Shanghai',
  CTT: 'Asia/Shanghai',
  EAT: 'Africa/Nairobi',
  ECT: 'Europe/Paris or America/Guayaquil',
  IET: 'America/Indiana/Indianapolis',
  IST: 'Asia/Kolkata, Europe/Dublin or Asia/Jerusalem',
  JST: 'Asia/Tokyo',
  MIT: 'Pacific/Apia',
  NET: 'Asia/Yerevan',
  NST: 'America/St_Johns or Pacific/Auckland',
  PLT: 'Asia/Karachi',
  PNT: 'America/Phoenix',
  PRT: 'America/Puerto_Rico',
  PST: 'America/Los_Angeles or Asia/Manila',
  SST: 'Pacific/Pago_Pago or Pacific/Guadalcanal',
  VST: 'Asia/Ho_Chi_Minh',
};

/** Names that this Node's tables keep, and IANA never had or has dropped. */
const RETIRED: Readonly<Record<string, string>> = {
  'CANADA/EAST-SASKATCHEWAN': 'America/Regina',
  'US/PACIFIC-NEW': 'America/Los_Angeles',
};

/** What is wrong with the name of a time zone, to be put after it; undefined where it is one of IANA's. */
export function zoneProblem(zone: string): string | undefined {
  const meant = AMBIGUOUS[zone.toUpperCase()];
  if (meant !== undefined) return `is no IANA time zone, and means several: write ${meant}`;
  const retired = RETIRED[zone.toUpperCase()];
  if (retired !== undefined) return `is no IANA time zone: write ${retired}`;
  const isName = /^[A-Za-z]/.test(zone) && !/^SystemV\//i.test(zone);
  if (isName && IANAZone.isValidZone(zone)) return undefined;
  return 'is no known time zone; write an IANA name such as Europe/Berlin or UTC';
}

/** Whether it is a name of IANA's. */
export const isZone = (zone: string): boolean => zoneProblem(zone) === undefined;
