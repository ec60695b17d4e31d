import { Random } from '../../random/index.js'
import type { WorldArtist, WorldTrack } from './facts.js'

/** What listeners go by. */
export interface HeardTrack {
  readonly id: string
  readonly moods: readonly string[]
  readonly energy: number
  /** Octaves above 110 beats a minute. */
  readonly pace: number
}

/** Numbers to draw from, each with a weight. */
class Urn {
  readonly #numbers: number[] = []
  readonly #sums: number[] = []

  get size(): number {
    return this.#numbers.length
  }

  add(number: number, weight: number): void {
    this.#sums.push((this.#sums[this.#sums.length - 1] ?? 0) + weight)
    this.#numbers.push(number)
  }

  draw(rng: Random): number {
    const wanted = rng.next() * this.#sums[this.#sums.length - 1]
    let [low, high] = [0, this.#sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#sums[middle] > wanted) high = middle
      else low = middle + 1
    }
    return this.#numbers[low]
  }
}

/** Who is famous in the world, and for what: fame follows from seed and name, and has a long tail. */
export class Popularity {
  readonly tracks: readonly HeardTrack[]
  readonly #all = new Urn()
  readonly #styles = new Urn()
  /** By style: artists, by fame and share of the style. */
  readonly #artistsOf: Urn[] = []
  /** By style and artist: the artist's tracks of that style. */
  readonly #inStyle: Map<number, Urn>[] = []
  readonly #ofArtist = new Map<number, Urn>()

  /** @throws RangeError where a track's artist is not among the artists */
  constructor(tracks: Iterable<WorldTrack>, artists: Iterable<WorldArtist>, seed: number) {
    const numbers = new Map<string, number>()
    const fames: number[] = []
    for (const { name } of artists) {
      numbers.set(name, fames.length)
      fames.push(longTail(`${seed}/fame/${name}`, 0.02, 0.8))
    }
    const styles = new Map<string, number>()
    const heard: HeardTrack[] = []
    for (const track of tracks) {
      const artist = numbers.get(track.artist)
      if (artist === undefined)
        throw new RangeError(`Track "${track.id}" is by "${track.artist}", who is not among the artists`)
      let style = styles.get(track.style)
      if (style === undefined) {
        styles.set(track.style, (style = styles.size))
        this.#inStyle.push(new Map())
      }
      const fame = longTail(`${seed}/fame/${track.id}`, 0.05, 0.7)
      const number = heard.push({
        id: track.id,
        moods: track.moods,
        energy: track.energy,
        pace: Math.log2(track.bpm / 110),
      })
      urnOf(this.#inStyle[style], artist).add(number - 1, fame)
      urnOf(this.#ofArtist, artist).add(number - 1, fame)
      this.#all.add(number - 1, fame * fames[artist])
    }
    this.#inStyle.forEach((byArtist, style) => {
      const urn = new Urn()
      let sum = 0
      for (const [artist, own] of byArtist) {
        const weight = (fames[artist] * own.size) / this.#ofArtist.get(artist)!.size
        urn.add(artist, weight)
        sum += weight
      }
      this.#artistsOf.push(urn)
      this.#styles.add(style, sum)
    })
    this.tracks = heard
  }

  drawStyle(rng: Random): number {
    return this.#styles.draw(rng)
  }

  drawArtist(rng: Random, style: number): number {
    return this.#artistsOf[style].draw(rng)
  }

  drawTrack(rng: Random): number {
    return this.#all.draw(rng)
  }

  drawInStyle(rng: Random, style: number): number {
    return this.#inStyle[style].get(this.drawArtist(rng, style))!.draw(rng)
  }

  drawOfArtist(rng: Random, artist: number): number {
    return this.#ofArtist.get(artist)!.draw(rng)
  }
}

function urnOf(urns: Map<number, Urn>, key: number): Urn {
  const urn = urns.get(key) ?? new Urn()
  urns.set(key, urn)
  return urn
}

/** From 1 upwards, a power law cut off: the smaller `cut`, the longer the tail. */
function longTail(seed: string, cut: number, power: number): number {
  return (cut + (1 - cut) * new Random(seed).next()) ** -power
}
