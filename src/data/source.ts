import { z } from 'zod'
import { AntiphonError } from '../errors/index.js'
import { checked, parseYaml } from '../schema/index.js'
import type { PairSet } from './pair.js'

const text = z.string().min(1)

const SOURCE = z.strictObject({
  /** A file or folder; a relative one starts at the file that names it. */
  path: text,
  /** Id of a format. Default: what it looks like. */
  format: text.optional(),
  /** Folder of the audio. Default: beside the words, as the format has it. */
  audio: text.optional(),
  /** Of a data set that has several. */
  subset: text.optional(),
  /** How much of each batch is from this source, against the weights of the others. Default: as many pairs as it has. */
  weight: z.number().positive().optional(),
  /** In messages and ids. Default: the last part of the path. */
  name: text.optional(),
})

const MIXTURE = z.strictObject({ sources: z.array(SOURCE).min(1) }).superRefine(({ sources }, context) => {
  const weighted = sources.filter(({ weight }) => weight !== undefined)
  if (weighted.length > 0 && weighted.length < sources.length)
    context.addIssue({
      code: 'custom',
      path: ['sources', sources.findIndex(({ weight }) => weight === undefined)],
      message: 'give each source a weight, or none',
    })
  const names = sources.map(nameOf)
  const twice = names.findIndex((name, i) => names.indexOf(name) < i)
  if (twice >= 0)
    context.addIssue({
      code: 'custom',
      path: ['sources', twice],
      message: `"${names[twice]}" is there twice: give them different names`,
    })
})

/** Where pairs are read from. */
export type Source = z.infer<typeof SOURCE>

/** Pairs of one source or several. */
export interface Mixture extends PairSet {
  /** Pairs left out as their audio is not there. */
  readonly missing: number
  /** What each source gave, in their order. */
  readonly sources: readonly SourceSummary[]
}

export interface SourceSummary {
  readonly name: string
  readonly format: string
  readonly pairs: number
  readonly missing: number
  /** Share of each batch; undefined where batches take pairs as they come. */
  readonly share?: number
}

/**
 * Reads a mixture: `sources`, a list.
 * @throws AntiphonError `usage`, with the line of what is wrong
 */
export function parseMixture(yaml: string, { file }: { file: string }): Source[] {
  const { value, lineOf } = parseYaml(yaml, { file })
  if (typeof value !== 'object' || value === null || !('sources' in value))
    throw new AntiphonError('usage', `${file} is no mixture: expected a list of \`sources\``)
  return checked(MIXTURE, value, { what: file, code: 'usage', lineOf }).sources
}

/** The last part of the path, without extension, unless it has a name. */
export function nameOf({ name, path }: Pick<Source, 'name' | 'path'>): string {
  const last =
    path
      .replace(/[/\\]+$/, '')
      .split(/[/\\]/)
      .at(-1) ?? path
  return name ?? last.replace(/(?<=.)\.[^.]*$/, '')
}
