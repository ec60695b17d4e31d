import type { PairSet } from '../pair.js'

/** A layout of files in which music with words is published, and how it is read. */
export interface Format {
  /** Lower case, hyphens; what `--format` takes. */
  readonly id: string
  readonly name: string
  /** Where the data come from: an address, a paper. */
  readonly source: string
  /** Of the words and of the audio, as their publishers state it. */
  readonly licence: string
  /** The files that are expected, in a sentence or two. */
  readonly layout: string
  /**
   * Whether a file or folder looks like this. Looks at names, or at the first line; reads no data.
   * @param path absolute, there
   */
  recognises(path: string): Promise<boolean>
  /**
   * Reads the rows in their order, some thousands at a time, so that a million of them is never in memory. A row that can't be
   * taken is among the `wrong`; how many may be is for the caller to say. Audio is not looked for here, unless its name is not
   * known without: a pair whose audio is missing has the path where it is expected.
   * @throws AntiphonError `usage` where the files that are expected are not there or have other columns, `interrupted`
   */
  read(path: string, options: FormatOptions): AsyncGenerator<PairSet, void, void>
}

export interface FormatOptions {
  /** Folder of the audio, absolute. @default beside the words, as the format has it */
  readonly audio?: string
  /** Of a data set that has several: which one, such as MTG-Jamendo's `moodtheme`. @default all */
  readonly subset?: string
  readonly signal?: AbortSignal
}
