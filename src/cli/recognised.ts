import { printable } from './printable.js'

/** What `--json` says of a query that was expanded by a graph. */
export interface Recognised {
  /** What the model read. */
  readonly text: string
  readonly names: readonly {
    readonly id: string
    readonly type: string
    readonly name: string
    /** As the query has it. */
    readonly spelled: string
    readonly score: number
  }[]
}

/** `Names: the artist Norah Jones ("nora jones").` */
export function recognisedText({ names }: Recognised, file: string): string {
  if (names.length === 0) return `No artist, track or album of ${printable(file)} is named in the query.`
  const said = names.map(
    ({ type, name, spelled, score }) =>
      `the ${type} ${printable(name)}${score < 1 ? ` ("${printable(spelled)}")` : ''}`,
  )
  return `Names: ${said.join(', ')}.`
}
