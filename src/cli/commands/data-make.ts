import { makeWorld } from '../../data/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { DataMakeOutput } from '../json.js'
import { PieceProgress } from '../piece-progress.js'
import { jsonText, printable } from '../printable.js'
import { count, span } from '../quantity.js'

export interface DataMakeOptions extends GlobalOptions {
  readonly out: string
  readonly pieces: number
  readonly seed: string
  readonly seconds: number
  readonly rate: number
  readonly workers?: number
}

/** `antiphon data make world` */
export async function dataMakeWorld(options: DataMakeOptions, context: Context): Promise<number> {
  const { out: dir, pieces, seed, seconds, rate: sampleRate, workers } = options
  const signal = context.interruption()
  const progress = new PieceProgress(context, { what: 'Composing and recording', pieces: 'pieces' })
  const begun = context.now()
  const { total, made, kept } = await makeWorld({
    dir,
    pieces,
    seed,
    seconds,
    sampleRate,
    workers,
    signal,
    onProgress: ({ done, total: all, path }) => progress.update({ done, total: all, behind: path }),
  }).finally(() => progress.clear())
  const elapsedSeconds = (context.now() - begun) / 1000
  const output: DataMakeOutput = { dir, pieces: total, made, kept, elapsedSeconds }
  context.stdout.write(
    options.json
      ? `${jsonText(output)}\n`
      : `${count(total, 'piece')} in ${printable(dir)}: ${made.toLocaleString('en')} made in ${span(elapsedSeconds)}` +
          `${kept > 0 ? `, ${kept.toLocaleString('en')} kept from before` : ''}.\n` +
          `Look at it:  antiphon data check ${printable(dir)}\nLearn of it: antiphon train RECIPE --data ${printable(dir)} --out RUN\n`,
  )
  return EXIT.done
}
