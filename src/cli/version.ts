import { readFileSync } from 'node:fs'

/** Of the package. */
export function version(): string {
  const file = new URL('../../../package.json', import.meta.url) // from dist/src/cli
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version
}
