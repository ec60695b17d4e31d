import type { Context, GlobalOptions } from '../context.js'
import type { Check } from '../json.js'
import type { FoundCatalog } from './catalog.js'

/** Whether the model is there, computes on this machine what its parity file says, and is the catalog's own. */
export async function* modelChecks(
  options: GlobalOptions,
  { machine, env }: Context,
  found: FoundCatalog,
): AsyncGenerator<Check> {
  const named = options.model ?? (env['ANTIPHON_MODEL'] || undefined)
  try {
    const model = await machine.checkModel(named ?? found.info?.model)
    const { name, dir, spaceId, largestDifference, tolerance } = model
    yield { name: 'model', status: 'ok', detail: `${name}, space ${spaceId}, in ${dir}` }

    const difference = `largest difference ${largestDifference.toExponential(1)}, at most ${tolerance.toExponential(1)} allowed`
    if (largestDifference <= tolerance) yield { name: 'parity', status: 'ok', detail: difference }
    else
      yield {
        name: 'parity',
        status: 'fail',
        detail: difference,
        fix: `Get the model again; ${dir} is damaged, or ONNX Runtime computes wrongly here.`,
      }

    if (found.info === undefined) return
    const { spaceId: its, model: maker } = found.info
    const wanted = named ?? name
    if (its === spaceId) yield { name: 'space', status: 'ok', detail: `the catalog's, made by ${maker}` }
    else
      yield {
        name: 'space',
        status: 'fail',
        detail: `the catalog was made by ${maker} in space ${its}, not in this model's`,
        fix:
          `Embed everything again with "antiphon reindex --model ${wanted}"` +
          (maker === wanted ? '.' : `, or use --model ${maker}.`),
      }
  } catch (error) {
    yield {
      name: 'model',
      status: 'fail',
      detail: (error as Error).message,
      fix:
        named === undefined
          ? 'In a clone run "npm run build"; otherwise reinstall the package, which brings the model along.'
          : 'Without --model and ANTIPHON_MODEL the model is used that comes with the package.',
    }
  }
}
