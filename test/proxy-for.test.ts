import { expect, test } from '@jest/globals';
import { ProxyError, proxyFor } from '../src/proxy-for.ts';

const PROXY = 'http://proxy.example.com:3128';

/** By golang.org/x/net/http/httpproxy: proxy_test.go, and what its documentation says. */
test.each([
  ['https://example.com', '', true],
  ['https://example.com', 'example.com', false],
  ['https://example.com', 'EXAMPLE.com', false],
  ['https://api.example.com', 'example.com', false],
  ['https://notexample.com', 'example.com', true],
  ['https://example.com', '.example.com', true],
  ['https://api.example.com', '.example.com', false],
  ['https://api.example.com', '*.example.com', false],
  ['https://example.com', '*.example.com', true],
  ['https://api.example.com', 'a.b, example.com ,c.d', false],
  ['https://api.example.com', 'a.b example.com', true],
  ['https://api.example.com:6443', 'example.com:6443', false],
  ['https://api.example.com:6443', 'example.com:443', true],
  ['https://api.example.com', 'example.com:443', false],
  ['https://api.example.com', 'example.com:', false],
  ['https://api.example.com', ':443', true],
  ['https://api.example.com', '*', false],
  ['https://10.1.2.3:6443', '*', false],
  ['https://api.example.com', 'x,*', false],
  ['https://10.1.2.3', '10.1.2.3', false],
  ['https://10.1.2.3:6443', '10.1.2.3:6443', false],
  ['https://10.1.2.3:6443', '10.1.2.3:443', true],
  ['https://10.1.2.3', '10.0.0.0/8', false],
  ['https://11.1.2.3', '10.0.0.0/8', true],
  ['https://10.1.2.3', '10.0.0.0/99', true],
  ['https://10.1.2.3', '.3', true],
  ['https://[fd00::1]:6443', 'fd00::1', false],
  ['https://[fd00::1]:6443', 'fd00:0:0::1', false],
  ['https://[fd00::1]:6443', '[fd00::1]', true],
  ['https://[fd00::1]:6443', '[fd00::1]:6443', false],
  ['https://[fd00::1]:6443', '[fd00::1]:443', true],
  ['https://[fd00::1]:6443', 'fd00::/8', false],
  ['https://[fe80::1]:6443', 'fd00::/8', true],
  ['https://api.bücher.example', 'bücher.example', false],
  ['https://localhost:6443', '', false],
  ['https://127.0.0.1:7233', '', false],
  ['https://127.9.9.9', '', false],
  ['https://[::1]:7233', '', false],
  ['https://[::ffff:127.0.0.1]', '', false],
  ['https://localhost.example.com', '', true],
])('%s with NO_PROXY=%s: by the proxy is %s', (url, spared, isProxied) => {
  const proxy = proxyFor(new URL(url), { HTTPS_PROXY: PROXY, NO_PROXY: spared });
  expect(proxy?.host).toBe(isProxied ? 'proxy.example.com:3128' : undefined);
});

test.each([
  [{ HTTPS_PROXY: PROXY }, 'http://proxy.example.com:3128/'],
  [{ https_proxy: PROXY }, 'http://proxy.example.com:3128/'],
  [{ HTTPS_PROXY: '', https_proxy: PROXY }, 'http://proxy.example.com:3128/'],
  [{ HTTPS_PROXY: 'http://first', https_proxy: PROXY }, 'http://first/'],
  [{ HTTPS_PROXY: 'proxy:3128' }, 'http://proxy:3128/'],
  [{ HTTPS_PROXY: 'me:pass@proxy:3128' }, 'http://me:pass@proxy:3128/'],
  [{ HTTPS_PROXY: 'socks5://proxy:1080' }, 'socks5://proxy:1080'],
  [{ HTTPS_PROXY: 'https://proxy' }, 'https://proxy/'],
  [{ HTTP_PROXY: PROXY, http_proxy: PROXY, ALL_PROXY: PROXY, grpc_proxy: PROXY }, undefined],
  [{ HTTPS_PROXY: PROXY, no_proxy: 'api.example.com' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: '', no_proxy: 'api.example.com' }, undefined],
  [{ HTTPS_PROXY: PROXY, NO_PROXY: 'x', no_proxy: 'api.example.com' }, 'http://proxy.example.com:3128/'],
  [{}, undefined],
])('%j leads to %s', (env, proxy) => {
  expect(proxyFor(new URL('https://api.example.com:6443'), env)?.href).toBe(proxy);
});

test.each(['ftp://me:S3cret@proxy', 'http://me:S3cret@', 'me:S3cret@proxy:99999'])(
  'a proxy that is none is said by its variable only: %s',
  (https_proxy) => {
    const lookFor = (): unknown => proxyFor(new URL('https://api.example.com'), { https_proxy });
    expect(lookFor).toThrow(ProxyError);
    expect(lookFor).toThrow(/^https_proxy is no URL of a proxy$/);
  },
);
