import { basename } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { withCatalog, type Context } from '../context.js'
import { recognisedText, type Recognised } from '../recognised.js'
import { languageHint, mostlyLatin } from '../language.js'
import { checkResultOptions, printResults, type ResultOptions } from '../results.js'

export interface SearchCommandOptions extends ResultOptions {
  readonly limit: number
  readonly like?: string
  readonly more?: string
  readonly less?: string
  /** A graph by which names in the query are read. */
  readonly knowledge?: string
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
  const { limit, where, like, knowledge } = options
  const read = knowledge === undefined ? undefined : await expandedBy(knowledge, query)
  return withCatalog(context, options, async (catalog) => {
    const more = said([read?.sound, read?.more, options.more])
    const less = said([read?.less, options.less])
    const found = await catalog.search(read?.text ?? query, {
      ...{ limit, where, like },
      ...(more.length > 0 ? { more } : {}),
      ...(less.length > 0 ? { less: less.join(', ') } : {}),
    })
    const response = { ...found, query }
    if (read && !options.json) context.stderr.write(`${recognisedText(read, knowledge!)}\n`)
    if (!mostlyLatin(query)) {
      const languages = await context.modelLanguages(response.model)
      const hint = languageHint(query, basename(response.model), languages)
      if (hint) context.stderr.write(`${hint}\n`)
    }
    await printResults(response, catalog, options, { ...context, knowledge: read })
    return 0
  })
}

const said = (texts: readonly (string | null | undefined)[]): string[] =>
  texts.filter((text) => typeof text === 'string')

/** Reading a graph is loaded when it is asked for: other searches don't wait for it. */
async function expandedBy(file: string, query: string): Promise<Recognised> {
  const { expanded, openKnowledge } = await import('../expanding.js')
  return expanded(await openKnowledge(file), query)
}
