import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'
import { AudioFileError } from '../../audio/index.js'
import { DecoderPool } from '../../audio/node.js'
import { split, type Pair } from '../../data/index.js'
import { findFormat, findSources, openSources } from '../../data/node.js'
import { AntiphonError } from '../../errors/index.js'
import {
  drawPool,
  makeTestSet,
  withoutItems,
  type Item,
  type Protocol,
  type TestSet,
} from '../../evaluate/index.js'
import { findProtocol, protocolHash } from '../../evaluate/node.js'

export interface TestSetOptions {
  /** A name, or a YAML file. */
  readonly protocol: string
  readonly data: string
  /** In place of the protocol's. */
  readonly format?: string
  readonly subset?: string
  readonly audio?: string
  readonly splitBy?: 'artist' | 'track' | 'part'
}

/** What is measured with, and how it came to be. */
export interface OpenedTestSet {
  readonly protocol: Protocol
  /** SHA-256 of the protocol as it was used. */
  readonly protocolHash: string
  /** Whether that is the one that comes with the package (or is in the file), unchanged by options. */
  readonly unchanged: boolean
  readonly set: TestSet
  /** SHA-256 of what is asked and of what: ids, texts, answers, and the size of each piece of audio. The same on every machine. */
  readonly dataHash: string
  /** Absolute. */
  readonly dir: string
  readonly counts: {
    readonly pairs: number
    /** Pairs left out as their audio is not there. */
    readonly missing: number
    readonly wrongRows: number
    /** Pieces of audio left out as they are shorter than the protocol asks. */
    readonly short: number
    /** Pieces of audio left out as nothing of them is asked. */
    readonly withoutQuery: number
  }
}

/**
 * Reads the data of a protocol and makes its pool and queries.
 * @throws AntiphonError `usage` where the data are not there: where they are had, under which licence, how to lay them out
 */
export async function openTestSet(
  options: TestSetOptions,
  { signal }: { signal?: AbortSignal } = {},
): Promise<OpenedTestSet> {
  const found = await findProtocol(options.protocol)
  const protocol = adjusted(found.protocol, options)
  const { format, subset } = protocol.data
  const read = await readPairs(protocol, options, signal)
  const part = partOf(read.pairs, protocol)
  const { pool } = protocol.data
  const pairs = pool === undefined ? part : drawPool(part, pool, protocol.name)
  const whole = makeTestSet(pairs, protocol)
  const short = await tooShort(whole.items, protocol.audio.least_seconds, signal)
  const { set } = withoutItems(whole, short)
  if (set.queries.length === 0)
    throw new AntiphonError(
      'usage',
      `All ${whole.items.length} pieces of audio are shorter than ${protocol.audio.least_seconds} s, which the protocol "${protocol.name}" asks for`,
    )
  const hash = protocolHash(protocol)
  return {
    protocol,
    protocolHash: hash,
    unchanged: hash === found.hash,
    set,
    dataHash: dataHash(set, { format, subset }),
    dir: resolve(options.data),
    counts: {
      pairs: pairs.length,
      missing: read.missing,
      wrongRows: read.wrong.length,
      short: short.size,
      withoutQuery: whole.withoutQuery,
    },
  }
}

function adjusted(protocol: Protocol, { format, subset, splitBy }: TestSetOptions): Protocol {
  const data = { ...protocol.data }
  if (format !== undefined) data.format = format
  if (subset !== undefined) data.subset = subset
  if (splitBy === 'part') {
    delete data.split
    data.part = 'test'
  } else if (splitBy !== undefined) {
    delete data.part
    data.split = { test: 0.1, seed: 1, ...protocol.data.split, by: splitBy }
  }
  return { ...protocol, data }
}

async function readPairs(protocol: Protocol, { data, audio }: TestSetOptions, signal?: AbortSignal) {
  const { format: id, subset } = protocol.data
  const format = findFormat(id)
  try {
    const mixture = /\.ya?ml$/i.test(data)
    const sources = await findSources(data, mixture ? {} : { format: id, subset, audio })
    return await openSources(sources, { signal })
  } catch (error) {
    if (!(error instanceof AntiphonError) || error.code !== 'usage') throw error
    const { name, source, licence, layout } = format
    throw new AntiphonError(
      'usage',
      `${error.message.replace(/\.$/, '')}. The protocol "${protocol.name}" measures with ${name}: from ${source}; licence: ${licence}. Lay it out so: ${layout} Then name the folder with --data.`,
      { cause: error },
    )
  }
}

/** The part that the protocol measures with. */
function partOf(pairs: readonly Pair[], { name, data }: Protocol): readonly Pair[] {
  if (data.split) {
    const { by, test, seed } = data.split
    return split(pairs, { by, test, validation: 0, seed }).test
  }
  if (data.part === undefined) return pairs
  const found = pairs.filter(({ track }) => track.part === data.part)
  if (found.length > 0) return found
  const others = [...new Set(pairs.map(({ track }) => track.part ?? 'none named'))].join(', ')
  throw new AntiphonError(
    'usage',
    `The protocol "${name}" measures with the part ${data.part}, and none of the ${pairs.length} pairs is in it (parts that are there: ${others})`,
  )
}

/** Which pieces of audio are shorter. Those that can't be read are told when they are embedded. */
async function tooShort(
  items: readonly Item[],
  least: number | undefined,
  signal?: AbortSignal,
): Promise<Set<number>> {
  const short = new Set<number>()
  if (least === undefined) return short
  const processes = availableParallelism()
  const pool = new DecoderPool({ processes })
  const waiting = items.entries()
  const drain = async (): Promise<void> => {
    for (const [place, { audio }] of waiting) {
      try {
        const { duration } = await pool.probe(audio.path, { bytes: audio.bytes, signal })
        const { start = 0, end = Infinity } = audio
        if (Math.min(end, duration) - start < least) short.add(place)
      } catch (error) {
        if (!(error instanceof AudioFileError)) throw error
      }
    }
  }
  try {
    await Promise.all(Array.from({ length: processes }, drain))
  } finally {
    await pool.close()
  }
  return short
}

function dataHash({ items, queries }: TestSet, data: object): string {
  const hash = createHash('sha256')
  const add = (line: unknown): void => void hash.update(`${JSON.stringify(line)}\n`)
  add(data)
  for (const { id, track, audio } of items) {
    const { bytes, start = 0, end = null, path } = audio
    const size = bytes ? bytes[1] - bytes[0] : (statSync(path, { throwIfNoEntry: false })?.size ?? null)
    add([id, track.id, size, start, end])
  }
  for (const { text, prompts, answers } of queries) add([text, prompts, answers])
  return hash.digest('hex')
}
