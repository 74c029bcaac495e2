/** What the rake task takes: longer names are cut or refused. */
const LONGEST_USERNAME = 40;
const USERNAME = /^[A-Za-z0-9][A-Za-z0-9._@+-]*$/;
const DOMAIN = /^(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/i;

/** Why a user name cannot be given to the rake task; undefined where it can. Does not repeat it. */
export function usernameProblem(username: string): string | undefined {
  if (username === '') return 'the username is empty';
  if (username.length > LONGEST_USERNAME)
    return `the username has ${username.length} characters, and may have ${LONGEST_USERNAME}`;
  if (username.includes(',')) return 'the username has a comma, at which the rake task splits its arguments';
  if (!USERNAME.test(username)) return 'the username may have letters, digits and . _ @ + - only';
  return undefined;
}

/** Why a mail domain cannot be given to the rake task; undefined where it can. Does not repeat it. */
export function domainProblem(domain: string): string | undefined {
  if (DOMAIN.test(domain)) return undefined;
  return 'the domain is not one, as in example.com';
}
