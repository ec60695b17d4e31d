import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import {
  assemble,
  compareModels,
  comparisonPage,
  withoutItems,
  type Comparison,
} from '../../evaluate/index.js'
import { nodeRuntime } from '../../graph/node.js'
import { readTables } from '../../text/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import { comparisonText } from '../evaluation/comparison-text.js'
import { modelContender, outsideContender, type Contender } from '../evaluation/contender.js'
import { describeData, describeProtocol, resampled } from '../evaluation/describe.js'
import { engineOf } from '../evaluation/engine.js'
import { openTestSet, type TestSetOptions } from '../evaluation/open-test-set.js'
import { readable } from '../evaluation/readable.js'
import { jsonText, printable } from '../printable.js'
import { version } from '../version.js'
import { writeWhole } from '../write-whole.js'

export interface CompareCommandOptions extends GlobalOptions, TestSetOptions {
  readonly vectors?: readonly string[]
  readonly samples: number
  readonly permutations: number
  readonly seed: number
  /** Folder of comparison.json and comparison.html. */
  readonly out?: string
}

/** `antiphon compare A B … --protocol NAME --data DIR` */
export async function compare(
  models: readonly string[],
  options: CompareCommandOptions,
  context: Context,
): Promise<number> {
  const files = pairsOf(options.vectors ?? [])
  if (models.length + files.length < 2)
    throw new AntiphonError(
      'usage',
      `${models.length + files.length} to compare, expected two or more: antiphon compare A B --protocol NAME --data DIR, or A --vectors AUDIO.npy TEXT.npy`,
    )
  const signal = context.interruption()
  const opened = await openTestSet(options, { signal })
  const { protocol } = opened
  if (protocol.probes)
    throw new AntiphonError(
      'usage',
      `The protocol "${protocol.name}" probes one model at a time: antiphon evaluate MODEL --protocol ${protocol.name} --data ${options.data}`,
    )
  const outside: Contender[] = [] // before the long work
  for (const pair of files) outside.push(await outsideContender(pair, opened))
  const contenders: Contender[] = []
  for (const model of models)
    contenders.push(await modelContender(model, opened, { context, options, signal }))
  contenders.push(...outside)
  const names = distinctNames(contenders.map(({ name }) => name))
  const { unreadable, dropped, audio } = readable(contenders, opened.set)
  const { set } = withoutItems(opened.set, dropped)
  const { samples, permutations, seed } = options
  const compared = await compareModels({
    set,
    protocol,
    models: contenders.map(({ prompts }, i) => ({
      name: names[i],
      embedded: assemble(set, { audio: audio[i], prompts }, protocol),
    })),
    samples,
    permutations,
    seed,
    words: (await readTables()).words,
    runtime: await nodeRuntime(),
    engine: engineOf(),
    signal,
  })
  const comparison: Comparison = {
    antiphon: version(),
    models: contenders.map(({ spaceId, dim }, i) => ({ name: names[i], spaceId, dim })),
    protocol: describeProtocol(opened),
    data: describeData(opened, set, unreadable),
    intervals: { level: 0.95, samples, seed, permutations, of: resampled(protocol, 'differences') },
    ...compared,
  }
  if (options.out !== undefined) {
    const out = resolve(options.out)
    await mkdir(out, { recursive: true })
    await writeWhole(
      [join(out, 'comparison.json'), `${jsonText(comparison)}\n`],
      [join(out, 'comparison.html'), comparisonPage(comparison)],
    )
  }
  context.stdout.write(
    options.json
      ? `${jsonText(comparison)}\n`
      : comparisonText(comparison, { stdout: context.stdout, out: options.out }),
  )
  for (const { path, reason } of options.json ? [] : unreadable)
    context.stderr.write(`${printable(path)} could not be read: ${printable(reason)}\n`)
  return unreadable.length > 0 ? EXIT.someFilesFailed : EXIT.done
}

/** @throws AntiphonError `usage` for a file without its partner */
function pairsOf(files: readonly string[]): [audio: string, text: string][] {
  if (files.length % 2 === 1)
    throw new AntiphonError(
      'usage',
      `--vectors has ${files.length} files (${files.join(', ')}), expected pairs of AUDIO.npy TEXT.npy; models are named before it`,
    )
  return Array.from({ length: files.length / 2 }, (_, i) => [files[2 * i], files[2 * i + 1]])
}

/** Of several with one name, the second gets " (2)". */
function distinctNames(names: readonly string[]): string[] {
  return names.map((name, i) => {
    const before = names.slice(0, i).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}
