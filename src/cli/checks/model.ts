import type { Context, GlobalOptions } from '../context.js'
import type { Check } from '../json.js'

/** Whether the model is there, and computes on this machine what its parity file says. */
export async function* modelChecks(options: GlobalOptions, { machine, env }: Context): AsyncGenerator<Check> {
  const wanted = options.model ?? (env['ANTIPHON_MODEL'] || undefined)
  try {
    const { name, dir, spaceId, largestDifference, tolerance } = await machine.checkModel(wanted)
    yield { name: 'model', status: 'ok', detail: `${name}, space ${spaceId}, in ${dir}` }
    const within = largestDifference <= tolerance
    yield {
      name: 'parity',
      status: within ? 'ok' : 'fail',
      detail: `largest difference ${largestDifference.toExponential(1)}, at most ${tolerance.toExponential(1)} allowed`,
      ...(within
        ? {}
        : { fix: `Get the model again; ${dir} is damaged, or ONNX Runtime computes wrongly here.` }),
    }
  } catch (error) {
    yield {
      name: 'model',
      status: 'fail',
      detail: (error as Error).message,
      fix:
        wanted === undefined
          ? 'In a clone run "npm run build"; otherwise reinstall the package, which brings the model along.'
          : 'Without --model and ANTIPHON_MODEL the model is used that comes with the package.',
    }
  }
}
