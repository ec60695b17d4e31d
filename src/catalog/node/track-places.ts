import { createHash } from 'node:crypto'
import { lstat, readdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { isUnder } from '../../audio/node.js'
import type { File } from '../reconcile.js'
import type { Track } from '../track.js'

export interface TrackPlacesOptions {
  readonly tracks: readonly Track[]
  /** Tracks whose file is gone from a folder that was walked. */
  readonly vanished: readonly Track[]
  /** Tracks whose files were not looked at in this run. */
  readonly elsewhere: readonly Track[]
  /** All folders that the catalog knows of, absolute. */
  readonly folders: readonly string[]
}

/** The track that a file becomes: a known one that has moved there, a copy of known audio, or one with new audio. */
export interface Placed {
  readonly kind: 'moved' | 'shared' | 'embedded'
  readonly trackId: string
  /** Seconds, of a known track. */
  readonly duration?: number
}

/** Which tracks have lost their file while a library is brought up to date, and which file is theirs now. */
export class TrackPlaces {
  readonly #folders: readonly string[]
  readonly #ids: Set<string>
  /** Contents that a track has. */
  readonly #used: Set<string>
  /** Tracks by content whose path no longer holds it: they may have moved. */
  readonly #homeless = new Map<string, Track[]>()
  /** Tracks by content whose files were not looked at in this run. */
  readonly #elsewhere = new Map<string, Track[]>()
  /** Tracks by path whose file holds something else now. */
  readonly #replaced = new Map<string, Track>()

  constructor({ tracks, vanished, elsewhere, folders }: TrackPlacesOptions) {
    this.#folders = folders
    this.#ids = new Set(tracks.map(({ trackId }) => trackId))
    this.#used = new Set(tracks.map(({ content }) => content))
    for (const track of vanished) push(this.#homeless, track)
    for (const track of elsewhere) push(this.#elsewhere, track)
  }

  /** A track's file holds something else now, or can't be read any more. */
  replaced(track: Track): void {
    push(this.#homeless, track)
    this.#replaced.set(track.path, track)
  }

  /** Whether a track has lost its file and not found another one. */
  isHomeless(track: Track): boolean {
    return this.#homeless.get(track.content)?.includes(track) ?? false
  }

  /** The track that a path held before and that has no other place, as its id: it leaves when the path gets a new one. */
  leaving(path: string): string[] {
    const track = this.#replaced.get(path)
    return track && this.isHomeless(track) ? [track.trackId] : []
  }

  /** Gives a file with this content a track. */
  async place(content: string, file: File): Promise<Placed> {
    const known = await this.#takeHomeless(content, file)
    const kind = known ? 'moved' : this.#used.has(content) ? 'shared' : 'embedded'
    this.#used.add(content)
    return { kind, trackId: known?.trackId ?? this.#newId(content, file.path), duration: known?.duration }
  }

  /** The track with this content that has lost its place, if there is one; the one with the same file name first. */
  async #takeHomeless(content: string, file: File): Promise<Track | undefined> {
    const homeless = [...(this.#homeless.get(content) ?? [])]
    for (const track of this.#elsewhere.get(content) ?? [])
      if (await this.#isLost(track.path)) homeless.push(track)
    const sameName = homeless.find((track) => basename(track.path) === basename(file.path))
    const track = sameName ?? homeless[0]
    if (!track) return undefined
    for (const tracks of [this.#homeless, this.#elsewhere]) remove(tracks, track)
    return track
  }

  /** Whether a file outside the named folders is gone, and not just its disk. */
  async #isLost(path: string): Promise<boolean> {
    const exists = await lstat(path).then(
      () => true,
      (error: NodeJS.ErrnoException) => error.code !== 'ENOENT' && error.code !== 'ENOTDIR',
    )
    if (exists) return false
    const folder = this.#folders.find((folder) => isUnder(path, folder)) ?? dirname(path)
    const entries = await readdir(folder).catch(() => [])
    return entries.length > 0
  }

  #newId(content: string, path: string): string {
    for (let copy = 0; ; copy++) {
      // A file may come to a path whose first holder lives on elsewhere under the id that it got here.
      const name = [content, path, ...(copy === 0 ? [] : [copy])].join('\0')
      const id = createHash('sha256').update(name).digest('hex').slice(0, 16)
      if (this.#ids.has(id)) continue
      this.#ids.add(id)
      return id
    }
  }
}

function push(tracks: Map<string, Track[]>, track: Track): void {
  const others = tracks.get(track.content)
  if (others) others.push(track)
  else tracks.set(track.content, [track])
}

function remove(tracks: Map<string, Track[]>, track: Track): void {
  const others = tracks.get(track.content)
  if (others?.includes(track)) others.splice(others.indexOf(track), 1)
}
