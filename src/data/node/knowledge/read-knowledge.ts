import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { reasonOf } from '../../../audio/node.js'
import { AntiphonError } from '../../../errors/index.js'
import { KnowledgeGraphBuilder } from '../../knowledge/builder.js'
import type { KnowledgeGraph } from '../../knowledge/graph.js'
import type { WrongRow } from '../../pair.js'
import { assertFewWrong, MAX_WRONG_SHARE } from '../../wrong-rows.js'
import { eachLine } from '../listening/lines.js'
import { WrongRowList } from '../listening/wrong-row-list.js'
import { MusicBrainzReader, type MusicBrainzEntity, MUSICBRAINZ_ENTITIES } from './musicbrainz.js'
import { readNodes, readTriples } from './triples.js'

/** Layouts of knowledge: see docs/listening-and-graphs.md for where they come from. */
export const KNOWLEDGE_FORMATS = ['triples', 'musicbrainz'] as const

export type KnowledgeFormat = (typeof KNOWLEDGE_FORMATS)[number]

export interface ReadKnowledgeOptions {
  /** @default what its name and first character look like */
  readonly format?: KnowledgeFormat
  /** Of triples: types, names and aliases in a file of their own. @default `nodes.tsv` beside `graph.tsv`, where it is there */
  readonly nodes?: string
  /** Rows that may be wrong. @default 0.05 */
  readonly maxWrongShare?: number
  readonly signal?: AbortSignal
}

export interface Knowledge {
  readonly graph: KnowledgeGraph
  readonly format: KnowledgeFormat
  /** Rows that were read, the wrong ones among them. */
  readonly rows: number
  /** The first thousand. */
  readonly wrong: readonly WrongRow[]
  readonly wrongRows: number
}

const GRAPH = 'graph.tsv'
const NODES = 'nodes.tsv'
/** A response of MusicBrainz as a whole; dumps are lines. */
const LARGEST_RESPONSE = 256 << 20

/**
 * Reads a knowledge graph: triples, or JSON as MusicBrainz has it: a file, or a folder with `graph.tsv`, or with files of a
 * dump (`artist`, `release-group` …). Files may end in `.gz`.
 * @throws AntiphonError `usage` where there is none; `failed` where more rows are wrong than may be; `interrupted`
 */
export async function readKnowledge(path: string, options: ReadKnowledgeOptions = {}): Promise<Knowledge> {
  const { maxWrongShare = MAX_WRONG_SHARE, signal } = options
  const { files, nodes } = await filesAt(resolve(path), options)
  const format = options.format ?? (await detect(files[0]))
  if (format === 'musicbrainz' && options.nodes !== undefined)
    throw new AntiphonError('usage', `A file of nodes goes with triples; ${path} looks like ${format}`)
  const wrong = new WrongRowList()
  const builder = new KnowledgeGraphBuilder()
  let rows = 0
  if (format === 'triples') {
    if (nodes !== undefined) rows += await readNodes(nodes, { builder, wrong, signal })
    for (const file of files) rows += await readTriples(file, { builder, wrong, signal })
  } else {
    const reader = new MusicBrainzReader(builder)
    for (const file of files) rows += await readMusicBrainz(file, { reader, wrong, signal })
  }
  assertFewWrong(wrong.rows, { total: rows, count: wrong.count, maxShare: maxWrongShare })
  const graph = builder.build()
  if (graph.size === 0) {
    assertFewWrong(wrong.rows, { total: rows, count: wrong.count, maxShare: 0 })
    throw new AntiphonError('usage', `${path} has no relations`)
  }
  return { graph, format, rows, wrong: wrong.rows, wrongRows: wrong.count }
}

/**
 * The graph that a path names, by its name, or a folder has as `graph.tsv` or as files of a dump; undefined where there is none.
 * @throws AntiphonError `usage` where the path is not there
 */
export async function findKnowledge(path: string): Promise<string | undefined> {
  const place = resolve(path)
  const info = await stat(place).catch((cause: unknown) => {
    throw new AntiphonError('usage', `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
  })
  const isGraph = (name: string): boolean =>
    name.replace(/\.gz$/, '') === GRAPH || entityOf(name) !== undefined
  if (!info.isDirectory()) return isGraph(basename(place)) ? place : undefined
  const names = await readdir(place, { withFileTypes: true })
  return names.some((entry) => !entry.isDirectory() && isGraph(entry.name)) ? place : undefined
}

async function filesAt(
  path: string,
  { nodes }: ReadKnowledgeOptions,
): Promise<{ files: readonly string[]; nodes?: string }> {
  let names: string[]
  try {
    if (nodes !== undefined) await stat(resolve(nodes))
    if (!(await stat(path)).isDirectory())
      return { files: [path], nodes: nodes === undefined ? undefined : resolve(nodes) }
    names = (await readdir(path)).sort()
  } catch (cause) {
    throw new AntiphonError('usage', `Cannot read ${path}: ${reasonOf(cause)}`, { cause })
  }
  const at = (name: string): string | undefined =>
    names.includes(name)
      ? join(path, name)
      : names.includes(`${name}.gz`)
        ? join(path, `${name}.gz`)
        : undefined
  const graph = at(GRAPH)
  if (graph !== undefined) return { files: [graph], nodes: nodes === undefined ? at(NODES) : resolve(nodes) }
  const dumps = names.filter((name) => entityOf(name) !== undefined).map((name) => join(path, name))
  if (dumps.length > 0) return { files: dumps }
  throw new AntiphonError(
    'usage',
    `There is no knowledge graph in ${path} (expected ${GRAPH}, or files of a MusicBrainz dump such as artist, release-group; or name a file)`,
  )
}

async function detect(path: string): Promise<KnowledgeFormat> {
  if (/\.jsonl?(\.gz)?$/i.test(path) || entityOf(basename(path)) !== undefined) return 'musicbrainz'
  return 'triples'
}

/** Of a file of a dump, `mbdump/release-group`, or one named alike: what its lines are. */
function entityOf(name: string): MusicBrainzEntity | undefined {
  const plain = name.replace(/\.gz$/, '').replace(/\.jsonl?$/, '')
  return MUSICBRAINZ_ENTITIES.find((entity) => plain === entity)
}

/** Lines of a dump, or a response of the web service in one line or several. @returns rows */
async function readMusicBrainz(
  path: string,
  {
    reader,
    wrong,
    signal,
  }: { readonly reader: MusicBrainzReader; readonly wrong: WrongRowList; readonly signal?: AbortSignal },
): Promise<number> {
  const entity = entityOf(basename(path))
  if (await isOneValue(path)) {
    const { rows, reason } = reader.add(JSON.parse(await readFile(path, 'utf8')), entity)
    for (const one of reason) wrong.add(path, 0, one)
    return rows
  }
  let rows = 0
  await eachLine(
    path,
    {
      line: (bytes, from, to, number) => {
        if (from === to) return
        let value: unknown
        try {
          value = JSON.parse(bytes.toString('utf8', from, to))
        } catch (error) {
          rows++
          return wrong.add(path, number, `no JSON: ${(error as Error).message}`)
        }
        const added = reader.add(value, entity)
        rows += added.rows
        for (const reason of added.reason) wrong.add(path, number, reason)
      },
      wrong: (reason, number) => {
        rows++
        wrong.add(path, number, reason)
      },
    },
    { signal },
  )
  return rows
}

/** Whether the file is one JSON value over several lines, not one a line. */
async function isOneValue(path: string): Promise<boolean> {
  if (path.endsWith('.gz') || (await stat(path)).size > LARGEST_RESPONSE) return false
  const text = (await readFile(path, 'utf8')).trim()
  if (!text.includes('\n')) return false
  try {
    JSON.parse(text.slice(0, text.indexOf('\n')))
    return false
  } catch {
    try {
      JSON.parse(text)
      return true
    } catch {
      return false
    }
  }
}
