import { uint32Column } from '../../listening/column.js'
import { MAX_NAME_BYTES, Names } from '../../listening/names.js'
import { eachLine } from './lines.js'
import type { WrongRowList } from './wrong-row-list.js'

const SEPARATOR = Buffer.from('<SEP>')

/**
 * Tracks of songs as the Million Song Dataset lists them in `unique_tracks.txt`:
 * `TRMMMYQ128F932D901<SEP>SOQMMHC12AB0180CB8<SEP>artist<SEP>title`. A song may have several tracks; its first one counts.
 */
export class SongTracks {
  readonly #songs = new Names()
  readonly #tracks = new Names()
  readonly #trackOf = uint32Column()
  /** Number of the track among the items of the matrix, plus one. */
  #items = new Uint32Array(0)
  /** Lines of the file. */
  rows = 0

  static async read(
    path: string,
    { wrong, signal }: { readonly wrong: WrongRowList; readonly signal?: AbortSignal },
  ): Promise<SongTracks> {
    const songs = new SongTracks()
    await eachLine(
      path,
      {
        line: (bytes, from, to, number) => {
          if (from === to) return
          songs.rows++
          const line = bytes.subarray(from, to)
          const first = line.indexOf(SEPARATOR)
          const second = first < 0 ? -1 : line.indexOf(SEPARATOR, first + SEPARATOR.length)
          if (first <= 0 || second <= first + SEPARATOR.length || second > MAX_NAME_BYTES)
            return wrong.add(path, number, 'expected track<SEP>song<SEP>artist<SEP>title')
          songs.#add(line, first, second)
        },
        wrong: (reason, number) => {
          songs.rows++
          wrong.add(path, number, reason)
        },
      },
      { signal },
    )
    songs.#items = new Uint32Array(songs.#songs.size)
    return songs
  }

  /** The song's track as an item; -1 for a song that is not listed. */
  itemOf(items: Names, bytes: Uint8Array, from: number, to: number): number {
    const song = this.#songs.findBytes(bytes, from, to)
    if (song < 0) return -1
    if (this.#items[song] === 0) this.#items[song] = items.add(this.#tracks.get(this.#trackOf.at(song))) + 1
    return this.#items[song] - 1
  }

  #add(line: Buffer, first: number, second: number): void {
    const song = this.#songs.addBytes(line, first + SEPARATOR.length, second)
    if (song === this.#trackOf.length) this.#trackOf.push(this.#tracks.addBytes(line, 0, first))
  }
}
