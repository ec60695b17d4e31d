import { withCatalog, type Context } from '../context.js'
import { checkResultOptions, printResults, type ResultOptions } from '../results.js'

export interface SimilarCommandOptions extends ResultOptions {
  readonly limit: number
}

/** `antiphon similar FILE|TRACK` */
export async function similar(
  target: string,
  options: SimilarCommandOptions,
  context: Context,
): Promise<number> {
  checkResultOptions(options)
  const { limit, where } = options
  return withCatalog(context, options, async (catalog) => {
    const response = await catalog.similar(target, { limit, where })
    await printResults(response, catalog, options, context)
    return 0
  })
}
