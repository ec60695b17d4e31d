import { basename } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { withCatalog, type Context } from '../context.js'
import { languageHint, mostlyLatin } from '../language.js'
import { checkResultOptions, printResults, type ResultOptions } from '../results.js'

export interface SearchCommandOptions extends ResultOptions {
  readonly limit: number
  readonly like?: string
  readonly less?: string
}

/** `antiphon search "…"` */
export async function search(
  query: string,
  options: SearchCommandOptions,
  context: Context,
): Promise<number> {
  checkResultOptions(options)
  if (query.trim() === '') {
    const instead =
      options.like === undefined ? 'antiphon search "calm solo piano"' : 'antiphon similar TRACK'
    throw new AntiphonError('usage', `The query is empty. Say what the music is like, or run: ${instead}`)
  }
  const { limit, where, like, less } = options
  return withCatalog(context, options, async (catalog) => {
    const response = await catalog.search(query, { limit, where, like, less })
    if (!mostlyLatin(query)) {
      const languages = await context.modelLanguages(response.model)
      const hint = languageHint(query, basename(response.model), languages)
      if (hint) context.stderr.write(`${hint}\n`)
    }
    await printResults(response, catalog, options, context)
    return 0
  })
}
