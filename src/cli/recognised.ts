import { printable } from './printable.js'

/** What `--json` says of a query that was expanded by a graph. */
export interface Recognised {
  /** What the model read: of the query without its turn, of how the named sound, and of its turn. */
  readonly text: string
  readonly sound: string | null
  readonly more: string | null
  readonly less: string | null
  readonly names: readonly {
    readonly id: string
    readonly type: string
    readonly name: string
    /** As the query has it. */
    readonly spelled: string
    readonly score: number
  }[]
}

/** `Names: the artist Norah Jones ("nora jones"). More: jazz. Less: drums.` */
export function recognisedText({ names, more, less }: Recognised, file: string): string {
  if (names.length === 0) return `No artist, track or album of ${printable(file)} is named in the query.`
  const said = names.map(
    ({ type, name, spelled, score }) =>
      `the ${type} ${printable(name)}${score < 1 ? ` ("${printable(spelled)}")` : ''}`,
  )
  const turn = [
    more === null ? '' : ` More: ${printable(more)}.`,
    less === null ? '' : ` Less: ${printable(less)}.`,
  ]
  return `Names: ${said.join(', ')}.${turn.join('')}`
}
