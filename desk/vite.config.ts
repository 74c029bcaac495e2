import preact from '@preact/preset-vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

/** Whatever is not in the page's own files would be refused by its content security policy: nothing is inlined. */
export default defineConfig({
  root: fileURLToPath(new URL('./', import.meta.url)),
  plugins: [preact({ devToolsEnabled: false })],
  logLevel: 'warn',
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    emptyOutDir: true,
    reportCompressedSize: false,
  },
});
