import { EXIT, withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { TagsOutput } from '../json.js'
import { jsonText } from '../printable.js'
import { matchColumn } from '../results.js'
import { styles } from '../style.js'
import { table } from '../table.js'

export interface TagsCommandOptions extends GlobalOptions {
  readonly limit: number
}

/** `antiphon tags FILE|TRACK` */
export async function tags(target: string, options: TagsCommandOptions, context: Context): Promise<number> {
  const { stdout } = context
  return withCatalog(context, options, async (catalog) => {
    const found = await catalog.tags(target, { limit: options.limit })
    if (options.json) {
      stdout.write(`${jsonText({ target, tags: [...found] } satisfies TagsOutput)}\n`)
      return EXIT.done
    }
    const match = matchColumn(stdout)
    const lines = table(
      [{ header: 'tag', min: 8, style: styles(stdout).bold }, match.column],
      found.map((one) => [one.tag, match.cell(one.match)]),
      { width: stdout.interactive ? stdout.columns : undefined, headerStyle: styles(stdout).dim },
    )
    for (const line of lines) stdout.write(`${line}\n`)
    return EXIT.done
  })
}
