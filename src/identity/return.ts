// Where to go after signing in: only an address of this site, so that a link cannot send an officer to a false copy.

/** The path to return to; anything that is not a plain absolute path of ours gives `home`. */
export function safeReturn(path: string | undefined, home = '/kerja'): string {
  // two slashes, or a backslash that browsers read as one, begin another host; control characters are dropped by browsers
  if (!path || path.length > 500 || !/^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(path)) return home;
  const url = new URL(path, 'http://pendopo.invalid');
  // dots are resolved by now: "/.//evil" has become "//evil"
  if (url.origin !== 'http://pendopo.invalid' || url.pathname.startsWith('//')) return home;
  return /^\/(masuk|keluar)(\/|$)/.test(url.pathname) ? home : `${url.pathname}${url.search}`;
}
