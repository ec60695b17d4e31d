import { AntiphonError } from '../../errors/index.js'
import { EXIT, withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { RemoveOutput } from '../json.js'
import { jsonText } from '../printable.js'
import { count } from '../quantity.js'

/** `antiphon remove TRACK|DIR` */
export async function remove(target: string, options: GlobalOptions, context: Context): Promise<number> {
  return withCatalog(context, options, async (catalog) => {
    const removed = await catalog.remove(target)
    if (removed === 0)
      throw new AntiphonError(
        'usage',
        `The catalog has no track "${target}" and none under a folder of that name; expected a track's id or path, or a folder that was indexed. "antiphon info" lists the folders.`,
      )
    context.stdout.write(
      options.json
        ? `${jsonText({ target, removed } satisfies RemoveOutput)}\n`
        : `Forgot ${count(removed, 'track')}. The files themselves are untouched.\n`,
    )
    return EXIT.done
  })
}
