import { expect, test } from '@jest/globals';
import { listening } from '../../src/cli/listening.ts';

const PLACE = { host: 'desk.example.com', port: 8234, flag: '--port' };
const failsWith = (error: Error): Promise<void> => listening(PLACE, () => Promise.reject(error));

test('why nobody can listen there is said; what else fails is not put down to the place', async () => {
  const unknown = Object.assign(new Error('x'), { syscall: 'getaddrinfo', code: 'ENOTFOUND' });
  await expect(failsWith(unknown)).rejects.toThrow('desk.example.com is no address of this machine');
  const forbidden = Object.assign(new Error('x'), { syscall: 'listen', code: 'EACCES' });
  await expect(failsWith(forbidden)).rejects.toThrow('cannot listen on desk.example.com:8234: EACCES');
  const other = Object.assign(new Error('no page is built'), { syscall: 'open', code: 'ENOENT' });
  await expect(failsWith(other)).rejects.toBe(other);
  const plain = new Error('Temporal is away');
  await expect(failsWith(plain)).rejects.toBe(plain);
});
