import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/** Where the catalog is unless --catalog says otherwise: ANTIPHON_CATALOG, then the data directory of XDG. */
export function catalogDirectory(env: Readonly<Record<string, string | undefined>>): string {
  if (env['ANTIPHON_CATALOG']) return env['ANTIPHON_CATALOG']
  const data = env['XDG_DATA_HOME']
  // The XDG specification says that relative paths are to be ignored.
  return join(data && isAbsolute(data) ? data : join(homedir(), '.local', 'share'), 'antiphon')
}
