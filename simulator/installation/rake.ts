import type { CommandRunner } from '../commands.ts';

/**
 * The Rails application's rake task: one raw UPDATE of the users called `3scaleadmin`, which reports success also for
 * no rows. Arguments are split at commas.
 */
export const runRake: CommandRunner = ({ container, command }) => {
  const [bundle, exec, rake, task] = command;
  if (bundle !== 'bundle' || exec !== 'exec' || rake !== 'rake') return undefined;
  if (!container.startsWith('system-')) return undefined;
  const call = /^impersonation_admin_user:update\[([^\]]*)\]$/.exec(task ?? '');
  if (!call) return { stdout: '', stderr: `Don't know how to build task '${task ?? ''}'\n`, exitCode: 1 };
  const [username = '', domain = ''] = (call[1] ?? '').split(',');
  return { stdout: `updated to ${username} of ${domain}\n`, stderr: '', exitCode: 0 };
};
