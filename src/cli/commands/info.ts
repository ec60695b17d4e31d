import type { CatalogInfo } from '../../catalog/index.js'
import { EXIT, withCatalog, type Context, type GlobalOptions } from '../context.js'
import { jsonText, printable } from '../printable.js'
import { styles } from '../style.js'
import { bytes, count, span } from '../quantity.js'

/** More failures than this are left to --json. */
const FAILURES_SHOWN = 10

/** `antiphon info` */
export async function info(options: GlobalOptions, context: Context): Promise<number> {
  return withCatalog(context, options, async (catalog) => {
    const found = await catalog.info()
    context.stdout.write(options.json ? `${jsonText(found)}\n` : infoText(found, context))
    return EXIT.done
  })
}

function infoText(found: CatalogInfo, { stdout }: Context): string {
  const { dim, bad } = styles(stdout)
  const lines: [string, string][] = [
    ['catalog', found.dir],
    ['format', String(found.formatVersion)],
    ['tracks', found.tracks.toLocaleString('en')],
    ['moments', `${found.moments.toLocaleString('en')}, ${VECTOR_INDEX[found.vectorIndex]}`],
    ['music', span(found.audioSeconds)],
    ['size', bytes(found.bytes)],
    ['model', `${found.model} (${count(found.dim, 'dimension')}, space ${found.spaceId})`],
    ...found.folders.map((folder, place): [string, string] => [place === 0 ? 'folders' : '', folder]),
  ]
  const text = lines.map(([name, value]) => `${dim(name.padEnd(8))} ${printable(value)}\n`).join('')
  if (found.failures.length === 0) return text
  const failures = found.failures
    .slice(0, FAILURES_SHOWN)
    .map(({ path, reason }) => `  ${printable(path)}: ${printable(reason)}\n`)
  const more = found.failures.length - failures.length
  return (
    `${text}${bad(`${count(found.failures.length, 'file')} could not be read:`)}\n${failures.join('')}` +
    (more > 0 ? `  and ${more.toLocaleString('en')} more; "antiphon info --json" lists all\n` : '')
  )
}

const VECTOR_INDEX = { exact: 'scanned exactly', approximate: 'found by a vector index' } as const
