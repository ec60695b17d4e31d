import { AntiphonError } from '../../errors/index.js'
import { withCatalog, type Context, type GlobalOptions } from '../context.js'
import { follow } from './follow.js'

export interface ReindexCommandOptions extends GlobalOptions {
  readonly prune?: boolean
  readonly workers?: number
}

/** `antiphon reindex --model NAME` */
export async function reindex(options: ReindexCommandOptions, context: Context): Promise<number> {
  const { model, prune, workers } = options
  if (model === undefined)
    throw new AntiphonError(
      'usage',
      'Which model? Name it: antiphon reindex --model NAME (or a model directory).',
    )
  const signal = context.interruption()
  // The catalog is opened as it is: the model named here is the one to come.
  return withCatalog(
    { ...context, env: { ...context.env, ANTIPHON_MODEL: undefined } },
    { ...options, model: undefined },
    (catalog) =>
      follow(
        {
          events: catalog.reindex(model, { prune, workers, signal }),
          signal,
          json: options.json,
          resume: 'The old vectors serve on; the same command goes on where it stopped.',
        },
        context,
      ),
  )
}
