import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';

/** A proxy that cannot be used: where it is named. It may hold a password: nothing of it is quoted. */
export class ProxyError extends Error {
  readonly hint = 'Use a URL such as http://proxy.example.com:3128 (or https://, socks5://), or unset it.';

  constructor(variable: string) {
    super(`${variable} is no URL of a proxy`);
    this.name = 'ProxyError';
  }
}

interface Target {
  readonly host: string;
  readonly port: string;
}

/**
 * The proxy that the environment names for an https:// URL, as kubectl and Temporal's CLI find it: HTTPS_PROXY and NO_PROXY, in
 * capitals or not; never one for loopback. They use Go's rules, which no package has whole:
 * https://pkg.go.dev/golang.org/x/net/http/httpproxy. Throws ProxyError, where they would go without it.
 */
export function proxyFor(url: URL, env: NodeJS.ProcessEnv = process.env): URL | undefined {
  const [variable, value] = firstOf(env, 'HTTPS_PROXY', 'https_proxy');
  if (!value) return undefined;
  const target = { host: url.hostname.replace(/^\[|\]$/g, '').toLowerCase(), port: url.port || '443' };
  const [, spared = ''] = firstOf(env, 'NO_PROXY', 'no_proxy');
  if (isLoopback(target.host) || isSpared(target, spared)) return undefined;
  return parseProxy(variable, value);
}

function firstOf(env: NodeJS.ProcessEnv, ...names: readonly string[]): [string, string | undefined] {
  const name = names.find((one) => env[one]) ?? '';
  return [name, env[name]];
}

/** Without a scheme it is one of http. */
function parseProxy(variable: string, value: string): URL {
  const whole = /^[a-z][a-z\d+.-]*:\/\//i.test(value) ? value : `http://${value}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (!url?.hostname || !/^(https?|socks5h?):$/.test(url.protocol) || !hasPlainLogin(url))
    throw new ProxyError(variable);
  return url;
}

/** Its name and password can be decoded: a `%` of their own is written as `%25`. */
export function hasPlainLogin({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username);
    decodeURIComponent(password);
    return true;
  } catch {
    return false;
  }
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8);
LOOPBACK.addAddress('::1', 'ipv6');

/** `localhost` by its name; what else may lead to this machine is not known. */
const isLoopback = (host: string): boolean => host === 'localhost' || has(LOOPBACK, host);

function isSpared(target: Target, spared: string): boolean {
  const entries = spared.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.includes('*') || entries.some((entry) => spares(entry, target));
}

function spares(entry: string, { host, port }: Target): boolean {
  const range = rangeOf(entry);
  if (range) return has(range, host);
  // Of an IPv6 address without brackets, no part is a port.
  const [, name = entry, only] = isIP(entry) === 0 ? (/^\[?([^\]]*?)\]?:([^:\]]*)$/.exec(entry) ?? []) : [];
  if (name === '' || (only && only !== port)) return false;
  if (isIP(name) > 0) {
    const address = new BlockList();
    address.addAddress(name, family(name));
    return has(address, host);
  }
  if (isIP(host) > 0) return false;
  // `example.com` is it and all below it, `.example.com` and `*.example.com` what is below it only.
  const suffix = name.replace(/^\*?\./, '');
  const below = domainToASCII(suffix) || suffix;
  return host.endsWith(`.${below}`) || (suffix === name && host === below);
}

/** Of `10.0.0.0/8`; undefined where it is none. */
function rangeOf(entry: string): BlockList | undefined {
  const [, address = '', prefix = ''] = /^(.+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (isIP(address) === 0 || Number(prefix) > (isIP(address) === 4 ? 32 : 128)) return undefined;
  const range = new BlockList();
  range.addSubnet(address, Number(prefix), family(address));
  return range;
}

const family = (address: string): 'ipv4' | 'ipv6' => (isIP(address) === 6 ? 'ipv6' : 'ipv4');
const has = (list: BlockList, host: string): boolean => isIP(host) > 0 && list.check(host, family(host));
