import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import {
  assemble,
  compareModels,
  comparisonPage,
  withoutItems,
  type Comparison,
  type TestSet,
} from '../../evaluate/index.js'
import { findModel, isHubName } from '../../model/node.js'
import { readTables } from '../../text/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import { comparisonText } from '../evaluation/comparison-text.js'
import { modelContender, outsideContender, type Contender } from '../evaluation/contender.js'
import { describeData, describeProtocol, resampled } from '../evaluation/describe.js'
import { measureEngine } from '../evaluation/engine.js'
import { openTestSet, type OpenedTestSet, type TestSetOptions } from '../evaluation/open-test-set.js'
import { compareProbes, probe } from '../evaluation/probing.js'
import { readable } from '../evaluation/readable.js'
import { reportFolder } from '../evaluation/report-folder.js'
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

type Embed = (set: TestSet) => Promise<Contender>

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
  if (protocol.probes && files.length > 0)
    throw new AntiphonError(
      'usage',
      `--vectors are of texts and audio as they are, and the protocol "${protocol.name}" changes them: name models that Antiphon runs`,
    )
  const outside: Contender[] = [] // before the long work
  for (const pair of files) outside.push(await outsideContender(pair, opened))
  for (const model of models) if (!isHubName(model)) findModel(model)
  const out = await reportFolder(options.out)
  const embed = models.map(
    (model) => (set: TestSet) => modelContender(model, { set, protocol }, { context, options, signal }),
  )
  const { set, unreadable, contenders, names, compared } = protocol.probes
    ? await compareProbing(opened, options, embed)
    : await compareTask(opened, options, { embed, outside, signal })
  const { samples, permutations, seed } = options
  const comparison: Comparison = {
    antiphon: version(),
    models: contenders.map(({ spaceId, dim, known }, i) => ({ name: names[i], spaceId, dim, known })),
    protocol: describeProtocol(opened),
    data: describeData(opened, set, unreadable),
    intervals: { level: 0.95, samples, seed, permutations, of: resampled(protocol, 'differences') },
    ...compared,
  }
  if (out !== undefined)
    await writeWhole(
      [join(out, 'comparison.json'), `${jsonText(comparison)}\n`],
      [join(out, 'comparison.html'), comparisonPage(comparison)],
    )
  context.stdout.write(
    options.json
      ? `${jsonText(comparison)}\n`
      : comparisonText(comparison, { stdout: context.stdout, out: options.out }),
  )
  for (const { path, reason } of options.json ? [] : unreadable)
    context.stderr.write(`${printable(path)} could not be read: ${printable(reason)}\n`)
  return unreadable.length > 0 ? EXIT.someFilesFailed : EXIT.done
}

/** The probes of a protocol: what is asked is made from what is known of the pieces. */
async function compareProbing(
  opened: OpenedTestSet,
  options: CompareCommandOptions,
  embed: readonly Embed[],
) {
  const probed = await probe(opened, embed)
  const { set, unreadable, contenders } = probed
  return { set, unreadable, contenders, names: namesOf(contenders), compared: compareProbes(probed, options) }
}

/** The task of a protocol: what was asked is what was said of the pieces. */
async function compareTask(
  opened: OpenedTestSet,
  { samples, permutations, seed }: CompareCommandOptions,
  { embed, outside, signal }: { embed: readonly Embed[]; outside: readonly Contender[]; signal: AbortSignal },
) {
  const { protocol } = opened
  const contenders: Contender[] = []
  for (const each of embed) contenders.push(await each(opened.set))
  contenders.push(...outside)
  const names = namesOf(contenders)
  const { unreadable, dropped, audio } = readable(contenders, opened.set)
  const { set } = withoutItems(opened.set, dropped)
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
    ...(await measureEngine()),
    signal,
  })
  return { set, unreadable, contenders, names, compared }
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
function namesOf(contenders: readonly Contender[]): string[] {
  return contenders.map(({ name }, i) => {
    const before = contenders.slice(0, i).filter((other) => other.name === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}
