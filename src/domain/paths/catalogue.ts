/** Every upgrade path that the tool knows, one line each: all of a path is in its folder. */
export { from23To24 } from './2.3-to-2.4/index.ts';
