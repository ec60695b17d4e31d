import { AntiphonError } from '../../errors/index.js'
import { EXIT, withCatalog, type Context, type GlobalOptions } from '../context.js'
import type { RemoveOutput } from '../json.js'
import { jsonText } from '../printable.js'
import { count } from '../quantity.js'

/** `antiphon remove TRACK|DIR` */
export async function remove(target: string, options: GlobalOptions, context: Context): Promise<number> {
  return withCatalog(context, options, async (catalog) => {
    const { tracks, failures } = await catalog.remove(target)
    if (tracks + failures === 0)
      throw new AntiphonError(
        'usage',
        `The catalog has no track "${target}", and nothing under a folder of that name; expected a track's id or path, or a folder that was indexed. "antiphon info" lists the folders.`,
      )
    const forgotten = [
      ...(tracks > 0 ? [count(tracks, 'track')] : []),
      ...(failures > 0 ? [`${count(failures, 'file')} that could not be read`] : []),
    ]
    context.stdout.write(
      options.json
        ? `${jsonText({ target, removed: tracks, failures } satisfies RemoveOutput)}\n`
        : `Forgot ${forgotten.join(' and ')}. The files themselves are untouched.\n`,
    )
    return EXIT.done
  })
}
