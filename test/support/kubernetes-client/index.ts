/**
 * In the place of @kubernetes/client-node where tests import it: what we use of it. Its index loads 900 files of generated API,
 * half a second of every suite (jest.config.js).
 */
export * from '@kubernetes/client-node/dist/config.js';
export * from '@kubernetes/client-node/dist/gen/http/http.js';
