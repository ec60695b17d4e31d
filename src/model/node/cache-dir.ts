import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where what can be found out again is kept (XDG Base Directory Specification, which ignores relative paths). */
export function defaultCacheDir(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const xdg = env['XDG_CACHE_HOME']
  return join(xdg && isAbsolute(xdg) ? xdg : join(homedir(), '.cache'), 'antiphon')
}
