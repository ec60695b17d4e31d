import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Random } from '../src/random/index.js'
import type { Benchmark } from './benchmark.js'
import { figure, median, type Figure } from './figures.js'
import { demoLibrary } from './library.js'
import { antiphon, hasReference, measure, PYTHON, repositoryRoot } from './process.js'
import { cacheDir } from './vectors.js'

const ROWS = 1_000_000
const SEED = 5
const WAIT_STEPS = 60
/** Steps in which the first batches are made ready. */
const WARM_UP = 5
const PARTS = ['rows', 'wait']

interface Read {
  readonly rows: number
  readonly seconds: number
  /** MB. */
  readonly maxRss: number
}

/** Rows of a table and of listening counts, beside Python; and how long a training loop waits for its batches. */
export const dataBenchmark: Benchmark = async ({ only = PARTS, repeats = 3, say }) => {
  const figures: Figure[] = []
  if (only.includes('rows')) figures.push(...(await rowFigures(repeats, say)))
  if (only.includes('wait')) figures.push(...(await waitFigures(say)))
  return figures
}

async function rowFigures(repeats: number, say: (line: string) => void): Promise<Figure[]> {
  const dir = mkdtempSync(join(tmpdir(), 'antiphon-rows-'))
  try {
    say(`writing ${ROWS.toLocaleString('en')} rows …`)
    const table = writeRows(join(dir, 'pairs.csv'), 'path,caption,tags,artist', pairRow)
    const listening = writeRows(join(dir, 'listening.tsv'), undefined, tripleRow)
    const found: Figure[] = []
    for (const [name, what, file, reference, theirs] of [
      ['rows a second', 'pairs', table, "Python's csv module", 'pairs'],
      ['rows a second, beside pandas', 'pairs', table, 'pandas.read_csv, no pairs made', 'frame'],
      ['rows checked a second', 'check', table, undefined, undefined],
      ['triples a second', 'triples', listening, "Python's csv module", 'triples'],
    ] as const) {
      say(`${name} …`)
      const mine: Read[] = []
      const other: Read[] = []
      for (let i = 0; i < repeats; i++) {
        mine.push(await read(process.execPath, [join(repositoryRoot, 'dist/bench/read-rows.js'), what, file]))
        if (theirs && hasReference)
          other.push(await read(PYTHON, [join(repositoryRoot, 'tools/reference/read_rows.py'), theirs, file]))
      }
      const pace = (runs: readonly Read[]): number | null =>
        runs.length === 0 ? null : median(runs.map(({ rows, seconds }) => rows / seconds))
      const memory = (runs: readonly Read[]): number | null =>
        runs.length === 0 ? null : median(runs.map(({ maxRss }) => maxRss))
      const against = { reference: reference ?? null }
      found.push(
        figure({
          name,
          value: pace(mine)!,
          unit: 'rows/s',
          referenceValue: pace(other),
          lowerIsBetter: false,
          ...against,
        }),
        figure({
          name: `${name}: rss`,
          value: memory(mine)!,
          unit: 'MB',
          referenceValue: memory(other),
          ...against,
        }),
      )
    }
    return found
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

async function read(command: string, args: readonly string[]): Promise<Read> {
  const { stdout } = await measure(command, args)
  const result = JSON.parse(stdout) as Read
  if (result.rows !== ROWS) throw new Error(`${args.join(' ')} read ${result.rows} of ${ROWS} rows`)
  return result
}

const WORDS =
  'a slow warm piano melody over soft strings and brushed drums with an upright bass walking below it in the evening'.split(
    ' ',
  )
const TAGS =
  'rock,jazz,piano,guitar,slow,fast,calm,happy,sad,electronic,folk,choir,strings,drums,ambient,dance'.split(
    ',',
  )

function pairRow(i: number, random: Random): string {
  const words = Array.from({ length: random.int(8, 24) }, () => random.pick(WORDS)).join(' ')
  const caption = random.chance(0.1) ? `"${words}, as ""they"" say"` : words
  const tags = random.shuffle(TAGS).slice(0, random.int(2, 6)).join(', ')
  return `audio/${i % 997}/track ${i}.mp3,${caption},"${tags}",Artist ${i % 31_013}`
}

function tripleRow(i: number, random: Random): string {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0')
  const user = hex(random.int(0, 20_000) * 7919, 40)
  const song = `SO${hex(Math.floor(30_000 * random.next() ** 3), 16).toUpperCase()}`
  return `${user}\t${song}\t${1 + Math.floor(20 * random.next() ** 6)}`
}

function writeRows(
  path: string,
  header: string | undefined,
  row: (i: number, random: Random) => string,
): string {
  const random = new Random(SEED)
  const file = openSync(path, 'w')
  if (header !== undefined) writeSync(file, `${header}\n`)
  for (let i = 0; i < ROWS; i += 10_000)
    writeSync(file, `${Array.from({ length: 10_000 }, (_, j) => row(i + j, random)).join('\n')}\n`)
  closeSync(file)
  return path
}

/** Trains with both recipes that come along, and adds up what the log says of waiting. */
async function waitFigures(say: (line: string) => void): Promise<Figure[]> {
  const { dir } = await demoLibrary(say)
  const out = join(cacheDir, 'data-wait')
  const found: Figure[] = []
  for (const [name, recipe, steps] of [
    ['load wait', 'scratch', WAIT_STEPS],
    ['load wait, frozen towers', 'demo', 200],
  ] as const) {
    say(`training recipes/${recipe}.yaml for ${steps} steps …`)
    rmSync(out, { recursive: true, force: true })
    mkdirSync(cacheDir, { recursive: true })
    const set = [
      'schedule.warmup=0',
      'data.validation=0',
      'data.split_by=track',
      `schedule.checkpoint_every=${steps}`,
    ]
    await antiphon(
      [
        'train',
        join(repositoryRoot, `recipes/${recipe}.yaml`),
        '--data',
        dir,
        '--out',
        out,
        '--set',
        `schedule.steps=${steps}`,
        ...set,
      ],
      { env: { XDG_CACHE_HOME: join(cacheDir, 'train-cache') } },
    )
    const log = readFileSync(join(out, 'log.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { step: number; seconds: number; waited: number })
      .filter(({ step }) => step > WARM_UP)
    const sum = (of: (line: (typeof log)[number]) => number): number =>
      log.reduce((total, line) => total + of(line), 0)
    found.push(
      figure({ name, value: (100 * sum(({ waited }) => waited)) / sum(({ seconds }) => seconds), unit: '%' }),
    )
    rmSync(out, { recursive: true, force: true })
  }
  return found
}
