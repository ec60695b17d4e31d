import { join } from 'node:path'
import { AntiphonError } from '../../errors/index.js'
import { count } from '../quantity.js'
import {
  assemble,
  measure,
  reportPage,
  withoutItems,
  type Report,
  type TestSet,
} from '../../evaluate/index.js'
import { DEFAULT_MODEL } from '../../model/node.js'
import { EXIT, type Context, type GlobalOptions } from '../context.js'
import { modelContender, type Contender } from '../evaluation/contender.js'
import { measureEngine } from '../evaluation/engine.js'
import { evaluationText } from '../evaluation/evaluation-text.js'
import { openTestSet, type OpenedTestSet, type TestSetOptions } from '../evaluation/open-test-set.js'
import { measureProbes, probe } from '../evaluation/probing.js'
import { readable } from '../evaluation/readable.js'
import { describeData, describeProtocol, resampled } from '../evaluation/describe.js'
import { hrefFrom } from '../evaluation/href.js'
import { reportFolder } from '../evaluation/report-folder.js'
import { savedVectors } from '../evaluation/saved-vectors.js'
import { testList } from '../evaluation/test-list.js'
import { expanded, openKnowledge } from '../expanding.js'
import { jsonText, printable } from '../printable.js'
import { version } from '../version.js'
import { writeWhole } from '../write-whole.js'

export interface EvaluateCommandOptions extends GlobalOptions, TestSetOptions {
  readonly samples: number
  readonly seed: number
  /** Folder of report.json and report.html. */
  readonly out?: string
  /** Folder of audio.npy, text.npy and ids.jsonl. */
  readonly saveVectors?: string
  /** Pieces are heard only, where the model also knows who listens to them. */
  readonly withoutFactors?: boolean
  /** A graph by which names in the texts are read. */
  readonly knowledge?: string
  /** File of items and texts; nothing is measured. */
  readonly list?: string
}

/** `antiphon evaluate MODEL --protocol NAME --data DIR` */
export async function evaluate(
  model: string | undefined,
  options: EvaluateCommandOptions,
  context: Context,
): Promise<number> {
  const signal = context.interruption()
  const asked = await openTestSet(options, { signal })
  const { opened, expanded: readBy } = await readByKnowledge(asked, options, signal)
  const { protocol } = opened
  for (const option of ['list', 'saveVectors'] as const)
    if (protocol.probes && options[option] !== undefined)
      throw new AntiphonError(
        'usage',
        `--${option === 'list' ? 'list' : 'save-vectors'} is of texts and audio as they are, and the protocol "${protocol.name}" changes them`,
      )
  if (options.list !== undefined) {
    await writeWhole([options.list, testList(opened.set)])
    context.stdout.write(
      `Wrote ${count(opened.set.items.length, 'piece')} of audio and the texts of ${count(opened.set.queries.length, 'query', 'queries')} to ${printable(options.list)}\n`,
    )
    return EXIT.done
  }
  const named = model ?? options.model ?? (context.env['ANTIPHON_MODEL'] || DEFAULT_MODEL)
  const [out, vectors] = [await reportFolder(options.out), await reportFolder(options.saveVectors)]
  const embed = (whole: TestSet) =>
    modelContender(named, { set: whole, protocol }, { context, options, signal })
  const { set, unreadable, embedded, measured, name, spaceId, dim, known } = protocol.probes
    ? await measureProbing(opened, options, embed)
    : await measureTask(opened, options, { contender: await embed(opened.set), signal })
  const { samples, seed } = options
  const report: Report = {
    antiphon: version(),
    model: { name, spaceId, dim, known },
    expanded: readBy,
    protocol: describeProtocol(opened),
    data: describeData(opened, set, unreadable),
    intervals: { level: 0.95, samples, seed, of: resampled(protocol, 'figures') },
    ...measured,
  }
  if (vectors !== undefined && embedded) await writeWhole(...savedVectors(vectors, set, embedded))
  if (out !== undefined)
    await writeWhole(
      [join(out, 'report.json'), `${jsonText(report)}\n`],
      [join(out, 'report.html'), reportPage(report, { hrefOf: hrefFrom(out) })],
    )
  context.stdout.write(
    options.json
      ? `${jsonText(report)}\n`
      : evaluationText(report, { stdout: context.stdout, out: options.out, saved: options.saveVectors }),
  )
  for (const { path, reason } of options.json ? [] : unreadable)
    context.stderr.write(`${printable(path)} could not be read: ${printable(reason)}\n`)
  return unreadable.length > 0 ? EXIT.someFilesFailed : EXIT.done
}

/** The probes of a protocol: what is asked is made from what is known of the pieces. */
async function measureProbing(
  opened: OpenedTestSet,
  options: EvaluateCommandOptions,
  embed: (set: TestSet) => Promise<Contender>,
) {
  const probed = await probe(opened, [embed])
  const { set, unreadable, contenders } = probed
  const { name, spaceId, dim, known } = contenders[0]
  const measured = measureProbes(probed, options)
  return { set, unreadable, embedded: undefined, measured, name, spaceId, dim, known }
}

/** The task of a protocol: what was asked is what was said of the pieces. */
async function measureTask(
  opened: OpenedTestSet,
  { samples, seed }: EvaluateCommandOptions,
  { contender, signal }: { contender: Contender; signal: AbortSignal },
) {
  const { protocol } = opened
  const { unreadable, dropped, audio } = readable([contender], opened.set)
  const { set } = withoutItems(opened.set, dropped)
  const embedded = assemble(set, { audio: audio[0], prompts: contender.prompts }, protocol)
  const measured = await measure({
    set,
    protocol,
    embedded,
    samples,
    seed,
    ...(await measureEngine()),
    signal,
  })
  const { name, spaceId, dim, known } = contender
  return { set, unreadable, embedded, measured, name, spaceId, dim, known }
}

/** Texts that name someone of a graph, as `search` reads them, except that nothing is subtracted: a query is the mean of its prompts. */
async function readByKnowledge(
  opened: OpenedTestSet,
  { knowledge }: EvaluateCommandOptions,
  signal: AbortSignal,
): Promise<{ opened: OpenedTestSet; expanded: number | null }> {
  if (knowledge === undefined) return { opened, expanded: null }
  if (opened.protocol.probes)
    throw new AntiphonError(
      'usage',
      `--knowledge is of texts as they are, and the protocol "${opened.protocol.name}" changes them`,
    )
  const graph = await openKnowledge(knowledge, signal)
  let count = 0
  const queries = opened.set.queries.map((query) => {
    const read = query.prompts.map((prompt) => expanded(graph, prompt))
    if (read.some(({ names }) => names.length > 0)) count++
    const prompts = read.flatMap(({ text, sound, more }) =>
      [text, sound, more].filter((part) => part !== null),
    )
    return { ...query, prompts }
  })
  return { opened: { ...opened, set: { ...opened.set, queries } }, expanded: count }
}
