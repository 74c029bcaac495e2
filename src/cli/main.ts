/** Its imports come when it is called: what is imported before the cache is open is compiled every time. */
import { keepCompiled } from './compiled.ts';

keepCompiled();
await import('./run-command.ts');
