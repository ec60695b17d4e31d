import { withCatalog, type Context, type GlobalOptions } from '../context.js'
import { follow } from './follow.js'

export interface IndexCommandOptions extends GlobalOptions {
  readonly limit?: number
  readonly prune?: boolean
  readonly retry?: boolean
  readonly workers?: number
}

/** `antiphon index DIR…` */
export async function indexFolders(
  dirs: readonly string[],
  options: IndexCommandOptions,
  context: Context,
): Promise<number> {
  const signal = context.interruption()
  const { limit, prune, retry, workers } = options
  return withCatalog(context, options, (catalog) =>
    follow(
      {
        events: catalog.index(dirs, { limit, prune, retry, workers, signal }),
        signal,
        json: options.json,
        resume: 'The same command goes on where it stopped.',
      },
      context,
    ),
  )
}
